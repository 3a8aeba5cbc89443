package dev.bulkhead.simulator.bus;

import java.util.NavigableMap;
import java.util.TreeMap;

/** The traffic signs of the route: from which metre on which limit holds. */
final class SpeedLimits {
    private final NavigableMap<Integer, Integer> kmhFromMetre;

    private SpeedLimits(NavigableMap<Integer, Integer> kmhFromMetre) {
        this.kmhFromMetre = kmhFromMetre;
    }

    /** The signs along the urban schedule: town, an express road from 1.2 to 4.1 km, town again. */
    static SpeedLimits urban() {
        NavigableMap<Integer, Integer> signs = new TreeMap<>();
        signs.put(0, 50);
        signs.put(1_200, 80);
        signs.put(4_100, 50);
        signs.put(6_800, 30);
        signs.put(7_400, 50);
        return new SpeedLimits(signs);
    }

    /** The limit in km/h at a distance from the start in metres. */
    int at(double metres) {
        return kmhFromMetre.floorEntry((int) Math.max(metres, 0)).getValue();
    }
}
