package dev.bulkhead.simulator.dynamics;

/** A driver who follows a speed profile: feed-forward of the wanted acceleration and a PI correction. Not thread-safe. */
public final class Driver {
    private static final double PROPORTIONAL = 1.8;
    private static final double INTEGRAL = 0.25;
    private static final double MOST_INTEGRAL = 2;
    private static final double LOOK_AHEAD_SECONDS = 0.5;
    private static final double STANDING_BRAKE = 0.15;
    private static final double STANDSTILL = 0.05;

    private final VehicleParameters vehicle;
    private final DriveCycle cycle;
    private double integral;

    public Driver(VehicleParameters vehicle, DriveCycle cycle) {
        this.vehicle = vehicle;
        this.cycle = cycle;
    }

    /**
     * The pedals for the next step.
     *
     * @param seconds since the start of the profile
     * @param speed now, m/s
     * @param dt step, s
     */
    public Pedals drive(double seconds, double speed, double dt) {
        double target = cycle.at(seconds);
        double ahead = cycle.at(seconds + LOOK_AHEAD_SECONDS);
        if (target < STANDSTILL && ahead < STANDSTILL && speed < STANDSTILL) {
            integral = 0;
            return new Pedals(0, STANDING_BRAKE);
        }
        double error = target - speed;
        integral = Math.clamp(integral + error * dt, -MOST_INTEGRAL, MOST_INTEGRAL);
        double acceleration = (ahead - target) / LOOK_AHEAD_SECONDS + PROPORTIONAL * error + INTEGRAL * integral;
        double force = vehicle.massKg() * acceleration + Road.load(vehicle, speed);
        return force >= 0
                ? new Pedals(Math.min(force / vehicle.mostTractionN(), 1), 0)
                : new Pedals(0, Math.min(-force / vehicle.mostBrakeN(), 1));
    }
}
