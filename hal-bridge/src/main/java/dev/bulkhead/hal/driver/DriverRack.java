package dev.bulkhead.hal.driver;

import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts drivers, keeps what they brought, and takes it away again with them. Thread-safe. */
public final class DriverRack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverRack.class);

    /**
     * How a driver does.
     *
     * @param failure why it can no longer work; empty while it does
     */
    public record Health(String driver, Optional<String> failure) {}

    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final SignalStore store;
    private final ActuatorBoard board;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, CanBus> buses = new LinkedHashMap<>();

    public DriverRack(VehicleClock clock, Scheduler scheduler, SignalStore store, ActuatorBoard board) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.store = store;
        this.board = board;
    }

    /**
     * Starts a driver and owns it from now on.
     *
     * @throws DriverException when it cannot start; everything it had brought is gone again
     */
    public void start(Driver driver) {
        Slot slot = new Slot(driver);
        synchronized (this) {
            if (slots.putIfAbsent(driver.name(), slot) != null) {
                throw new DriverException(
                        "a driver named " + driver.name() + " is running already; give it another name");
            }
        }
        try {
            driver.start(slot);
        } catch (RuntimeException e) {
            stop(slot);
            throw e;
        }
    }

    /** Stops one driver, as when it is to be replaced; false when there is none of that name. */
    public boolean stop(String driverName) {
        Slot slot;
        synchronized (this) {
            slot = slots.get(driverName);
        }
        if (slot != null) {
            stop(slot);
        }
        return slot != null;
    }

    /** The bus of that name, if a driver has attached one. */
    public synchronized Optional<CanBus> bus(String name) {
        return Optional.ofNullable(buses.get(name));
    }

    public synchronized List<CanBus> buses() {
        return List.copyOf(buses.values());
    }

    public synchronized List<Health> health() {
        return slots.values().stream()
                .map(slot -> new Health(slot.driver.name(), slot.failure))
                .toList();
    }

    /** Stops all drivers, the last one first. */
    @Override
    public void close() {
        List<Slot> all;
        synchronized (this) {
            all = List.copyOf(slots.values()).reversed();
        }
        all.forEach(this::stop);
    }

    private void stop(Slot slot) {
        try {
            slot.driver.close();
        } finally {
            synchronized (this) {
                slots.remove(slot.driver.name(), slot);
                slot.actuators.forEach(board::detach);
                slot.actuators.clear();
                for (CanBus bus : slot.attached) {
                    buses.remove(bus.name(), bus);
                    bus.close();
                }
                slot.attached.clear();
            }
        }
    }

    private final class Slot implements DriverContext {
        private final Driver driver;
        private final List<CanBus> attached = new ArrayList<>();
        private final List<SignalLeaf> actuators = new ArrayList<>();
        private Optional<String> failure = Optional.empty();

        private Slot(Driver driver) {
            this.driver = driver;
        }

        @Override
        public VehicleClock clock() {
            return clock;
        }

        @Override
        public Scheduler scheduler() {
            return scheduler;
        }

        @Override
        public SignalStore signals() {
            return store;
        }

        @Override
        public void attach(CanBus bus) {
            synchronized (DriverRack.this) {
                if (buses.putIfAbsent(bus.name(), bus) != null) {
                    throw new DriverException("driver " + driver.name() + " brings bus " + bus.name()
                            + ", which another driver has attached already");
                }
                attached.add(bus);
            }
        }

        @Override
        public Optional<CanBus> bus(String name) {
            return DriverRack.this.bus(name);
        }

        @Override
        public void drive(SignalLeaf actuator, ActuatorSink sink) {
            synchronized (DriverRack.this) {
                if (!board.attach(actuator, sink)) {
                    throw new DriverException("driver " + driver.name() + " cannot take " + actuator.path()
                            + ": it is no actuator or has a driver already");
                }
                actuators.add(actuator);
            }
        }

        @Override
        public void failed(String reason) {
            synchronized (DriverRack.this) {
                failure = Optional.of(reason);
            }
            LOG.warn("driver {} failed: {}", driver.name(), reason);
        }
    }
}
