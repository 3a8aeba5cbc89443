package dev.bulkhead.simulator.main;

import dev.bulkhead.agent.sandbox.Engine;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import java.nio.file.Path;
import java.util.List;

/**
 * One run.
 *
 * @param seed where all chance of the run comes from
 * @param seconds virtual seconds to drive, 1 to 86400
 * @param apps unsigned packages, installed in this order when the drive begins
 * @param dataDir an empty folder for the agent's stores
 */
public record SimulationSettings(
        long seed,
        int seconds,
        DriveCycle cycle,
        double outsideCelsius,
        VehiclePolicy policy,
        List<AppPackage> apps,
        Engine engine,
        Path dataDir) {
    private static final int MOST_SECONDS = 86_400;

    public SimulationSettings {
        apps = List.copyOf(apps);
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new IllegalArgumentException("a run lasts 1 to " + MOST_SECONDS + " virtual seconds, not " + seconds);
        }
    }
}
