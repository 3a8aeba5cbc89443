package dev.bulkhead.simulator.dynamics;

/**
 * What the climate unit is set to.
 *
 * @param celsius temperature it blows towards, 16 to 28
 * @param fan 0 (off) to 1
 */
public record HvacSettings(double celsius, double fan) {
    public HvacSettings {
        celsius = Math.clamp(celsius, 16, 28);
        fan = Math.clamp(fan, 0, 1);
    }
}
