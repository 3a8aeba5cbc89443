package dev.bulkhead.simulator.dynamics;

/**
 * The traction battery as an energy store.
 *
 * @param joules energy left
 * @param powerW flow out of it now, W; negative while it is charged
 */
public record Battery(double joules, double powerW) {
    private static final double DRIVE_EFFICIENCY = 0.9;

    /**
     * One step.
     *
     * @param wheelsW power at the wheels, negative while recuperating
     * @param loadsW all other electrical loads, W
     */
    Battery step(VehicleParameters vehicle, double wheelsW, double loadsW, double dt) {
        double drive = wheelsW >= 0 ? wheelsW / DRIVE_EFFICIENCY : wheelsW * DRIVE_EFFICIENCY;
        double power = drive + loadsW;
        return new Battery(Math.clamp(joules - power * dt, 0, vehicle.batteryJ()), power);
    }

    /** State of charge, 0 to 1. */
    public double stateOfCharge(VehicleParameters vehicle) {
        return joules / vehicle.batteryJ();
    }
}
