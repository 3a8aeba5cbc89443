package dev.bulkhead.simulator.dynamics;

/**
 * The cabin as one thermal mass: {@code C·dT/dt = UA·(T_out − T) + Q_sun + Q_hvac}.
 *
 * @param cabinCelsius air in the cabin
 * @param hvacW electrical power the HVAC draws, W
 */
public record Climate(double cabinCelsius, double hvacW) {
    private static final double CAPACITY = 90_000;
    private static final double CONDUCTANCE = 45;
    private static final double SUN_AND_PEOPLE_W = 250;
    private static final double MOST_HVAC_W = 5_000;
    private static final double WATTS_PER_KELVIN = 900;
    private static final double EFFICIENCY = 2.2;

    /**
     * One step.
     *
     * @param setCelsius temperature the HVAC blows towards
     * @param fan 0 (off) to 1
     * @param outsideCelsius ambient air
     * @param dt step in s
     */
    Climate step(double setCelsius, double fan, double outsideCelsius, double dt) {
        double wanted = (setCelsius - cabinCelsius) * WATTS_PER_KELVIN;
        double most = MOST_HVAC_W * Math.clamp(fan, 0, 1);
        double heat = Math.clamp(wanted, -most, most);
        double flow = CONDUCTANCE * (outsideCelsius - cabinCelsius) + SUN_AND_PEOPLE_W + heat;
        return new Climate(cabinCelsius + flow / CAPACITY * dt, Math.abs(heat) / EFFICIENCY);
    }
}
