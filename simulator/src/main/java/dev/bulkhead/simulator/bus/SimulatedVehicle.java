package dev.bulkhead.simulator.bus;

import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import org.jspecify.annotations.Nullable;

/**
 * A vehicle in a box, as a driver of the HAL: a physics step every 10 ms of the vehicle's clock, signals and frames as they
 * fall due, every actuator obeyed. After a pause of the scheduler it catches up step by step, one second at most.
 */
public final class SimulatedVehicle implements Driver {
    private static final int STEP_MILLIS = 10;
    private static final long STEP_NANOS = STEP_MILLIS * 1_000_000L;
    private static final double STEP_SECONDS = STEP_MILLIS / 1000.0;
    private static final int MOST_STEPS_AT_ONCE = 100;

    private final VirtualVehicle vehicle;
    private volatile boolean closed;
    private @Nullable Running running;

    public SimulatedVehicle(VirtualVehicle vehicle) {
        this.vehicle = vehicle;
    }

    @Override
    public String name() {
        return "simulated-vehicle";
    }

    @Override
    public synchronized void start(DriverContext context) {
        if (running != null) {
            throw new IllegalStateException("the simulated vehicle drives already");
        }
        ActuatorPanel panel = new ActuatorPanel(context.signals(), context.clock());
        for (SignalLeaf leaf : context.signals().tree().leaves()) {
            if (leaf.kind() == LeafKind.ACTUATOR) {
                context.drive(leaf, panel);
            }
        }
        VirtualCanBus bus = new VirtualCanBus(DefaultVehicle.BUS, false, context.clock());
        context.attach(bus);
        VehicleFrames frames = new VehicleFrames(bus, SpeedLimits.urban());
        running = new Running(context, panel, new SignalFeed(context.signals()), frames);
        running.tick();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (running != null) {
            running.stop();
        }
    }

    /** The drive from its start on. Ticks come one after the other from the scheduler. */
    private final class Running {
        private final DriverContext context;
        private final ActuatorPanel panel;
        private final SignalFeed feed;
        private final VehicleFrames frames;
        private final long startNanos;
        private long steps;
        private volatile @Nullable Scheduled next;

        Running(DriverContext context, ActuatorPanel panel, SignalFeed feed, VehicleFrames frames) {
            this.context = context;
            this.panel = panel;
            this.feed = feed;
            this.frames = frames;
            this.startNanos = context.clock().nanos();
        }

        void tick() {
            if (closed) {
                return;
            }
            long due = (context.clock().nanos() - startNanos) / STEP_NANOS;
            steps = Math.max(steps, due - MOST_STEPS_AT_ONCE);
            while (steps <= due) {
                step();
            }
            next = context.scheduler().at(startNanos + steps * STEP_NANOS, this::tick);
        }

        private void step() {
            long millis = steps * STEP_MILLIS;
            long now = context.clock().nanos();
            vehicle.set(panel.hvac());
            vehicle.brakeAtLeast(panel.brake());
            vehicle.step(millis / 1000.0, STEP_SECONDS);
            feed.publish(vehicle, millis, now);
            frames.send(vehicle, millis);
            steps++;
        }

        void stop() {
            Scheduled waiting = next;
            if (waiting != null) {
                waiting.cancel();
            }
        }
    }
}
