package dev.bulkhead.hal.driver.mapped;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.dbc.FrameBuilder;
import dev.bulkhead.hal.can.mapping.FrameIntake;
import dev.bulkhead.hal.can.mapping.FrameOutlet;
import dev.bulkhead.hal.can.mapping.VehicleMapping;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.driver.DriverException;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals and actuators by way of a bus that another driver has attached ({@code dbc2vss}, {@code vss2dbc}). Commands go out at once.
 */
public final class MappedBusDriver implements Driver {
    private static final Logger LOG = LoggerFactory.getLogger(MappedBusDriver.class);
    private static final int QUEUE = 8_192;
    private static final int BATCH = 256;

    private final String busName;
    private final VehicleMapping mapping;
    private final FrameBuilder.Finisher finisher;
    private @Nullable CanPort port;

    /**
     * @param busName a bus that a driver started earlier brings
     * @param finisher puts counters and checksums into frames that go out
     */
    public MappedBusDriver(String busName, VehicleMapping mapping, FrameBuilder.Finisher finisher) {
        this.busName = busName;
        this.mapping = mapping;
        this.finisher = finisher;
    }

    @Override
    public String name() {
        return "mapped:" + busName;
    }

    @Override
    public void start(DriverContext context) {
        CanBus found = context.bus(busName)
                .orElseThrow(() -> new DriverException("no driver has brought the bus " + busName
                        + " whose frames are to be mapped; name the driver that does"));
        Intake intake = new Intake(new FrameIntake(mapping, context.signals()), context);
        var filters = intake.intake.filters();
        if (filters.size() > CanPort.MAX_FILTERS) {
            throw new DriverException("the mapping for " + busName + " needs " + filters.size() + " messages, at most "
                    + CanPort.MAX_FILTERS);
        }
        CanPort opened = found.open(filters, QUEUE, intake);
        port = opened;
        intake.port = opened;
        Commands commands = new Commands(FrameOutlet.commands(mapping, finisher), opened, found);
        for (SignalLeaf leaf : context.signals().tree().leaves()) {
            if (leaf.kind() == LeafKind.ACTUATOR && commands.outlet.carries(leaf)) {
                context.drive(leaf, commands);
            }
        }
    }

    @Override
    public void close() {
        if (port != null) {
            port.close();
        }
    }

    /**
     * Empties the port, a bounded batch at a time: what came from a real bus at once, on the thread that read it, for each further thread costs
     * a wake-up; what was sent in the house on the scheduler, because the sender may hold locks.
     */
    private static final class Intake implements CanPort.Reader {
        private final FrameIntake intake;
        private final DriverContext context;
        private volatile @Nullable CanPort port;

        private Intake(FrameIntake intake, DriverContext context) {
            this.intake = intake;
            this.context = context;
        }

        @Override
        public void ready() {
            context.scheduler().at(context.clock().nanos(), this::drain);
        }

        /** A fault of one frame may not end the thread that reads the bus. */
        @Override
        public void readyOnWire() {
            try {
                drain();
            } catch (RuntimeException e) {
                LOG.error("a frame could not be taken in", e);
                ready();
            }
        }

        private synchronized void drain() {
            CanPort from = port;
            if (from == null || from.receive(BATCH, intake::accept) == BATCH || from.waiting() > 0) {
                ready();
            }
        }
    }

    /** Called with the board's lock held, one command at a time. */
    private record Commands(FrameOutlet outlet, CanPort port, CanBus bus) implements ActuatorSink {
        @Override
        public boolean ready(SignalLeaf actuator) {
            CanBusStatus.State state = bus.status().state();
            return state != CanBusStatus.State.DOWN && state != CanBusStatus.State.BUS_OFF;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            boolean any = false;
            for (CanFrame frame : outlet.frames(actuator, value)) {
                if (port.send(frame) != CanSendResult.SENT) {
                    return false;
                }
                any = true;
            }
            return any;
        }

        /** The bus has no word for giving back: the last command stands until the control unit decides otherwise. */
        @Override
        public void release(SignalLeaf actuator) {}
    }
}
