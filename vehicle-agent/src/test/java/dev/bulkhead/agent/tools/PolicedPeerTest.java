package dev.bulkhead.agent.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.databroker.OpenAccess;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.driver.databroker.BrokerPeer;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An existing databroker, which stands under the vehicle's policy as an app does. */
@Timeout(120)
class PolicedPeerTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final String MOVING = "Vehicle.IsMoving";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String POLICY = """
            [policy]
            name = "neighbour"
            epoch = 1
            developer-mode = false

            [[vendor]]
            name = "databroker-peer"
            prefix = "tool.databroker-peer"
            ceiling = ["signal Vehicle.Speed read", "signal Vehicle.Cabin.HVAC.** actuate range=0..50"]

            [[rule]]
            name = "the neighbour blows gently"
            app = "tool.databroker-peer.*"
            lines = ["signal Vehicle.** read", "signal Vehicle.Cabin.HVAC.** actuate lease<=5000ms"]
            """;

    private final SystemClock clock = new SystemClock();
    private final List<AuditEntry> log = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> moved = new LinkedBlockingQueue<>();

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 6_000 && !holds.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertTrue(holds.getAsBoolean(), what);
    }

    private final class Fan implements ActuatorSink {
        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            return moved.add(value.toString());
        }

        @Override
        public void release(SignalLeaf actuator) {
            moved.add("released");
        }
    }

    private ToolParts parts(SignalStore store, ActuatorBoard board, SystemScheduler scheduler) {
        return new ToolParts(
                new PolicyInForce(
                        new PolicyDecider(VehiclePolicy.parse(POLICY, "neighbour.toml"), ActuatorFrames.none())),
                entry -> {
                    log.add(entry);
                    return log.size() - 1L;
                },
                store,
                board,
                name -> Optional.empty(),
                List::of,
                clock,
                scheduler);
    }

    @Test
    void itIsToldAndMayMoveOnlyWhatThePolicyGives() throws Exception {
        try (SystemScheduler scheduler = new SystemScheduler(clock)) {
            SignalStore here = new SignalStore(DefaultVehicle.tree(), clock, scheduler, 100);
            SignalStore there = new SignalStore(DefaultVehicle.tree(), clock, scheduler, 100);
            ActuatorBoard ours = new ActuatorBoard(here, clock, scheduler, event -> {});
            ActuatorBoard theirs = new ActuatorBoard(there, clock, scheduler, event -> {});
            ours.attach(here.tree().find(FAN).orElseThrow(), new Fan());
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (DatabrokerServer server =
                            new DatabrokerServer(any, new OpenAccess(), there, theirs, clock, scheduler);
                    DriverRack rack = new DriverRack(clock, scheduler, here, ours)) {
                rack.start(new PolicedPeer(peer(server.start()), parts(here, ours, scheduler)));
                here.publish(here.tree().find(MOVING).orElseThrow().id(), 1L, clock.nanos());
                here.publish(here.tree().find(SPEED).orElseThrow().id(), 9.0, clock.nanos());
                until("speed arrives", () -> there.cell(SPEED).orElseThrow().asDouble() == 9);
                assertFalse(there.cell(MOVING).orElseThrow().value().isPresent(), "told what policy keeps");
                until(
                        "the denial is recorded",
                        () -> log.stream()
                                .anyMatch(entry -> entry.getAppId().equals("tool.databroker-peer.broker")
                                        && entry.getDenied().getAccess().equals("signal " + MOVING + " read")));
                ActuatorClaim client = theirs.claim(
                        there.tree().find(FAN).orElseThrow(),
                        new ActuatorOwner("client", 1),
                        SignalActuate.unlimited(new SignalGlob(FAN)),
                        (leaf, cause) -> {});
                until("provided there", () -> client.acquire(0, 60_000_000_000L).done());
                client.set(80L);
                client.set(40L);
                assertEquals("40", moved.poll(30, TimeUnit.SECONDS), "80 is over the ceiling's range");
            }
        }
    }

    private static BrokerPeer peer(int port) {
        return new BrokerPeer(
                "127.0.0.1",
                port,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(new SignalGlob(SPEED), new SignalGlob(MOVING)),
                List.of(new SignalGlob(FAN)),
                0);
    }
}
