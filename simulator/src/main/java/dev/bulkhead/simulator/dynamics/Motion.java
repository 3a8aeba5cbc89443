package dev.bulkhead.simulator.dynamics;

/**
 * Where the vehicle is and how it moves.
 *
 * @param metres travelled since the start
 * @param speed m/s, never negative
 * @param acceleration m/s²
 * @param tractionN force of the motor at the wheels in N, negative while it recuperates
 * @param brakeN friction brake force in N
 */
public record Motion(double metres, double speed, double acceleration, double tractionN, double brakeN) {
    private static final double MOST_RECUPERATION_N = 2500;
    private static final double SLOWEST_RECUPERATION = 2;

    static final Motion STANDING = new Motion(0, 0, 0, 0, 0);

    /**
     * One step of {@code m·a = F_traction − F_brake − (f0 + f1·v + f2·v²) − m·g·sin θ}, semi-implicit Euler.
     *
     * @param grade angle of the road in radians, positive uphill
     * @param dt step in s
     */
    Motion step(VehicleParameters vehicle, Pedals pedals, double grade, double dt) {
        double braking = pedals.brake() * vehicle.mostBrakeN();
        double recuperated = speed > SLOWEST_RECUPERATION ? Math.min(braking, MOST_RECUPERATION_N) : 0;
        double friction = braking - recuperated;
        double traction = traction(vehicle, pedals) - recuperated;
        double resistance = friction + Road.load(vehicle, speed) + Road.slope(vehicle, grade);
        double wanted = (traction - resistance) / vehicle.massKg();
        double next = Math.max(0, speed + wanted * dt);
        return new Motion(metres + next * dt, next, (next - speed) / dt, traction, friction);
    }

    private double traction(VehicleParameters vehicle, Pedals pedals) {
        double byForce = pedals.accelerator() * vehicle.mostTractionN();
        return Math.min(byForce, vehicle.mostPowerW() / Math.max(speed, 1));
    }

    /** Power at the wheels in W, negative while it recuperates. */
    public double power() {
        return tractionN * speed;
    }
}
