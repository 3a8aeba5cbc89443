package dev.bulkhead.simulator.dynamics;

/** A vehicle with its driver: motion, climate and battery, moved step by step. Not thread-safe. */
public final class VirtualVehicle {
    private final VehicleParameters parameters;
    private final Driver driver;
    private final double outsideCelsius;
    private Motion motion = Motion.STANDING;
    private Pedals pedals = Pedals.RELEASED;
    private Climate climate;
    private Battery battery;
    private HvacSettings hvac = new HvacSettings(21, 0);
    private double commandedBrake;

    /**
     * @param outsideCelsius ambient air; the cabin starts at it
     * @param stateOfCharge of the battery at the start, 0 to 1
     */
    public VirtualVehicle(VehicleParameters parameters, DriveCycle cycle, double outsideCelsius, double stateOfCharge) {
        this.parameters = parameters;
        this.driver = new Driver(parameters, cycle);
        this.outsideCelsius = outsideCelsius;
        this.climate = new Climate(outsideCelsius, 0);
        this.battery = new Battery(parameters.batteryJ() * Math.clamp(stateOfCharge, 0, 1), 0);
    }

    /** Moves everything on by {@code dt} seconds; {@code seconds} is the time since the start of the drive. */
    public void step(double seconds, double dt) {
        Pedals foot = driver.drive(seconds, motion.speed(), dt);
        pedals = commandedBrake > foot.brake() ? new Pedals(0, commandedBrake) : foot;
        motion = motion.step(parameters, pedals, 0, dt);
        climate = climate.step(hvac.celsius(), hvac.fan(), outsideCelsius, dt);
        battery = battery.step(parameters, motion.power(), parameters.auxiliaryW() + climate.hvacW(), dt);
    }

    /** What the HVAC is told from now on. */
    public void set(HvacSettings settings) {
        hvac = settings;
    }

    /** Brakes at least this hard from now on, whatever the driver does: 0 (not at all) to 1. */
    public void brakeAtLeast(double brake) {
        commandedBrake = Math.clamp(brake, 0, 1);
    }

    public HvacSettings hvac() {
        return hvac;
    }

    public Motion motion() {
        return motion;
    }

    public Pedals pedals() {
        return pedals;
    }

    public Climate climate() {
        return climate;
    }

    public Battery battery() {
        return battery;
    }

    public VehicleParameters parameters() {
        return parameters;
    }

    public double outsideCelsius() {
        return outsideCelsius;
    }
}
