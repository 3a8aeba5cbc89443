package dev.bulkhead.agent.drill;

import dev.bulkhead.agent.host.ActuationAudit;
import dev.bulkhead.agent.host.AppDirectory;
import dev.bulkhead.agent.host.HostServices;
import dev.bulkhead.agent.host.MessageHub;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditTrail;
import dev.bulkhead.security.audit.ForgetfulTrail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A speed, a fan and a bus that are not there; what is written down about them is counted and forgotten. */
final class PracticeVehicle {
    private static final String TREE = """
        {"Vehicle": {"type": "branch", "description": "Not there.", "children": {
          "Speed": {"type": "sensor", "datatype": "float", "unit": "km/h", "description": "Speed."},
          "Fan": {"type": "actuator", "datatype": "uint8", "unit": "percent", "description": "Fan.", "min": 0, "max": 100}}}}
        """;
    private static final int FRAME = 0x200;

    private final VehicleClock clock;
    private final SignalStore signals;
    private final HostServices services;
    private final CanPort wire;
    private final int speed;

    PracticeVehicle(VehicleClock clock, Scheduler scheduler) {
        this.clock = clock;
        this.signals = new SignalStore(
                VssDocument.parse("practice", TREE.getBytes(StandardCharsets.UTF_8))
                        .tree(),
                clock,
                scheduler,
                64);
        this.speed = leaf("Vehicle.Speed").id();
        CanBus bus = new VirtualCanBus("can0", false, clock);
        this.wire = bus.open(List.of(), 1, () -> {});
        AuditTrail trail = new ForgetfulTrail(() -> Instant.ofEpochMilli(clock.unixMillis()));
        AppDirectory apps = new AppDirectory();
        ActuatorBoard board = new ActuatorBoard(signals, clock, scheduler, new ActuationAudit(trail, apps, () -> true));
        board.attach(leaf("Vehicle.Fan"), new Taker());
        this.services = new HostServices(
                clock,
                scheduler,
                signals,
                board,
                name -> Optional.of(bus),
                new NoData(),
                new MessageHub(),
                (app, key) -> Optional.empty(),
                apps,
                trail);
    }

    private SignalLeaf leaf(String path) {
        return signals.tree().find(path).orElseThrow();
    }

    HostServices services() {
        return services;
    }

    /** One value and one frame. */
    void stir(int round) {
        signals.publish(speed, (double) round, clock.nanos());
        wire.send(CanFrame.standard(FRAME, (byte) round));
    }

    /** Takes everything. */
    private static final class Taker implements ActuatorSink {
        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            return true;
        }

        @Override
        public void release(SignalLeaf actuator) {}
    }
}
