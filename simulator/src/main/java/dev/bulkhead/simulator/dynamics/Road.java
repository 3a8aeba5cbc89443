package dev.bulkhead.simulator.dynamics;

/** The forces of the road. */
final class Road {
    private static final double GRAVITY = 9.80665;

    private Road() {}

    /** Rolling and air resistance in N at a speed in m/s; zero at standstill. */
    static double load(VehicleParameters vehicle, double speed) {
        return speed <= 0 ? 0 : vehicle.f0() + vehicle.f1() * speed + vehicle.f2() * speed * speed;
    }

    /** Downhill force in N (negative uphill is positive resistance) for a grade angle in radians, positive uphill. */
    static double slope(VehicleParameters vehicle, double angle) {
        return vehicle.massKg() * GRAVITY * StrictMath.sin(angle);
    }
}
