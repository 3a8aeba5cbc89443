package dev.bulkhead.simulator.bus;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.simulator.dynamics.HvacSettings;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Every actuator of the simulated vehicle. Each takes its command at once and shows it as its signal; the climate unit and
 * the brake also move the physics. Thread-safe.
 */
final class ActuatorPanel implements ActuatorSink {
    private static final String HVAC = "Vehicle.Cabin.HVAC.Station.Row1.Driver.";
    private static final String BRAKE = "Vehicle.Chassis.Brake.PedalPosition";
    private static final HvacSettings OFF = new HvacSettings(21, 0);

    private final SignalStore signals;
    private final VehicleClock clock;
    private final AtomicReference<HvacSettings> hvac = new AtomicReference<>(OFF);

    private volatile double brake;

    ActuatorPanel(SignalStore signals, VehicleClock clock) {
        this.signals = signals;
        this.clock = clock;
    }

    HvacSettings hvac() {
        return hvac.get();
    }

    /** Commanded braking, 0 to 1. */
    double brake() {
        return brake;
    }

    @Override
    public boolean ready(SignalLeaf actuator) {
        return true;
    }

    @Override
    public boolean apply(SignalLeaf actuator, SignalValue value) {
        if (value instanceof SignalValue.Scalar scalar) {
            move(actuator.path(), scalar.asDouble());
        }
        return signals.publish(actuator.id(), value, clock.nanos());
    }

    private void move(String path, double value) {
        if (path.equals(HVAC + "Temperature")) {
            hvac.updateAndGet(now -> new HvacSettings(value, now.fan()));
        } else if (path.equals(HVAC + "FanSpeed")) {
            hvac.updateAndGet(now -> new HvacSettings(now.celsius(), value / 100));
        } else if (path.equals(BRAKE)) {
            brake = value / 100;
        }
    }

    @Override
    public void release(SignalLeaf actuator) {
        if (actuator.path().equals(HVAC + "FanSpeed")) {
            hvac.updateAndGet(now -> new HvacSettings(now.celsius(), 0));
            signals.publish(actuator.id(), 0L, clock.nanos());
        } else if (actuator.path().equals(BRAKE)) {
            brake = 0;
        }
    }
}
