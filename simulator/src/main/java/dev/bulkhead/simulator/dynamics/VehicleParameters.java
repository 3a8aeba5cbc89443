package dev.bulkhead.simulator.dynamics;

/**
 * A vehicle in numbers. Road load is {@code f0 + f1·v + f2·v²} with v in m/s, as in 40 CFR 1066.210.
 *
 * @param massKg mass with driver, 500 to 5000 kg
 * @param f0 rolling resistance in N
 * @param f1 in N/(m/s)
 * @param f2 in N/(m/s)²
 * @param mostTractionN most force at the wheels, N
 * @param mostPowerW most power at the wheels, W
 * @param mostBrakeN most friction brake force, N
 * @param batteryJ usable energy of the traction battery, J
 * @param auxiliaryW constant load of the electronics, W
 */
public record VehicleParameters(
        double massKg,
        double f0,
        double f1,
        double f2,
        double mostTractionN,
        double mostPowerW,
        double mostBrakeN,
        double batteryJ,
        double auxiliaryW) {

    public VehicleParameters {
        if (!(massKg >= 500 && massKg <= 5000)) {
            throw new IllegalArgumentException("mass " + massKg + " kg is not within 500 to 5000 kg");
        }
        if (!(mostTractionN > 0 && mostPowerW > 0 && mostBrakeN > 0 && batteryJ > 0)) {
            throw new IllegalArgumentException("traction, power, brake and battery must be above zero");
        }
    }

    /** A compact electric car: 1700 kg, 100 kW, 58 kWh. */
    public static VehicleParameters compactElectric() {
        return new VehicleParameters(1700, 120, 1.2, 0.42, 6000, 100_000, 14_000, 58 * 3.6e6, 350);
    }
}
