package dev.bulkhead.simulator.dynamics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A speed profile with one value a second, linear in between. Immutable. */
public final class DriveCycle {
    private static final double TENTH_MPH = 0.044704;

    private final String name;
    private final double[] metresPerSecond;

    DriveCycle(String name, double[] metresPerSecond) {
        this.name = name;
        this.metresPerSecond = metresPerSecond.clone();
    }

    /** The EPA Urban Dynamometer Driving Schedule: 1369 s, 7.45 miles, 56.7 mph at most (40 CFR Part 86, Appendix I(a)). */
    public static DriveCycle udds() {
        return new DriveCycle("udds", tenthsOfMph("udds.txt"));
    }

    /** A constant speed for a while, which starts and ends at a standstill ramped by 1 m/s². */
    public static DriveCycle constant(double metresPerSecond, int seconds) {
        double[] speeds = new double[seconds + 1];
        for (int t = 0; t <= seconds; t++) {
            speeds[t] = Math.min(metresPerSecond, Math.min(t, seconds - t));
        }
        return new DriveCycle("constant", speeds);
    }

    public String name() {
        return name;
    }

    /** Length in seconds. */
    public int seconds() {
        return metresPerSecond.length - 1;
    }

    /** Target speed in m/s at {@code seconds} from the start; past the end, the last value. */
    public double at(double seconds) {
        if (seconds <= 0) {
            return metresPerSecond[0];
        }
        int before = (int) Math.min(seconds, metresPerSecond.length - 1);
        int after = Math.min(before + 1, metresPerSecond.length - 1);
        double part = Math.min(seconds - before, 1);
        return metresPerSecond[before] + (metresPerSecond[after] - metresPerSecond[before]) * part;
    }

    /** Distance of the profile in metres. */
    public double metres() {
        double sum = 0;
        for (int t = 1; t < metresPerSecond.length; t++) {
            sum += (metresPerSecond[t - 1] + metresPerSecond[t]) / 2;
        }
        return sum;
    }

    private static double[] tenthsOfMph(String resource) {
        try (var in = DriveCycle.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the drive cycle " + resource + " is missing from the jar");
            }
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII)).lines();
            return lines.filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.trim().split(" ", -1)))
                    .mapToDouble(tenths -> Integer.parseInt(tenths) * TENTH_MPH)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
