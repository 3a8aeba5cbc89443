package dev.bulkhead.agent.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.can.mapping.GuardedFrames;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Strangers at the socketcand under a policy that lets them send a little. */
class FrameGateTest {
    private static final String POLICY = """
            [policy]
            name = "workshop"
            epoch = 1
            developer-mode = false

            [[vendor]]
            name = "socketcand"
            prefix = "tool.socketcand"
            ceiling = ["can can0 rx 0-7FF", "can can0 tx 0-7FF fd"]

            [[rule]]
            name = "the workshop may ping a standing car"
            app = "tool.socketcand.*"
            lines = [
              'can can0 tx 100-1FF rate<=2fps dlc=0..4 when "Vehicle.Speed == 0"',
              "can can0 rx 300-3FF rate<=3fps",
            ]
            """;

    private final HandTime time = new HandTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10);
    private final List<AuditEntry> log = new ArrayList<>();
    private final VisitorLedger ledger = new VisitorLedger(
            entry -> {
                log.add(entry);
                return log.size() - 1L;
            },
            () -> Instant.ofEpochMilli(time.unixMillis()));
    private final Desk desk = new Desk(new PolicyInForce(
            new PolicyDecider(VehiclePolicy.parse(POLICY, "workshop.toml"), GuardedFrames.ofDefaultVehicle())));
    private final VirtualCanBus wire = new VirtualCanBus("can0", true, time);
    private final CanPort unit = wire.open(List.of(CanFilter.ANY_DATA), 64, () -> {});
    private final CanBus bus = new PolicedBus(wire, new FrameGate(desk, ledger, store, time));
    private final CanPort stranger = bus.open(List.of(CanFilter.ANY_DATA), 64, () -> {});

    private void speedIs(double kmh) {
        store.publish(store.tree().find("Vehicle.Speed").orElseThrow().id(), kmh, time.nanos());
    }

    private int heardByTheCar() {
        return unit.receive(64, (frame, at) -> {});
    }

    private boolean denied(String words) {
        ledger.flush();
        return log.stream().anyMatch(entry -> entry.getDenied().toString().contains(words));
    }

    @Test
    void whatThePolicyGivesIsSentAndCounted() {
        speedIs(0);
        assertEquals(CanSendResult.SENT, stranger.send(CanFrame.standard(0x123, (byte) 1)));
        assertEquals(1, heardByTheCar());
        ledger.flush();
        assertTrue(
                log.stream()
                        .anyMatch(entry -> entry.getAppId().equals("tool.socketcand.anybody")
                                && entry.toString().contains("can can0 tx 123")),
                log::toString);
    }

    @Test
    void changingTheIdentifierBringsNoNewAllowance() {
        speedIs(0);
        int sent = 0;
        for (int id = 0x100; id < 0x200; id++) {
            sent += stranger.send(CanFrame.standard(id)) == CanSendResult.SENT ? 1 : 0;
        }
        assertEquals(2, sent, "two in a second");
        assertEquals(2, heardByTheCar());
        assertTrue(denied("too many frames"), log::toString);
        time.advanceMillis(1_000);
        speedIs(0);
        assertEquals(CanSendResult.SENT, stranger.send(CanFrame.standard(0x150)));
    }

    @Test
    void lengthFdAndConditionHold() {
        speedIs(0);
        assertEquals(CanSendResult.NOT_CARRIED, stranger.send(CanFrame.standard(0x123, new byte[5])));
        assertEquals(CanSendResult.NOT_CARRIED, stranger.send(CanFrame.fd(0x123, false, 0, new byte[4])));
        speedIs(1);
        assertEquals(CanSendResult.NOT_CARRIED, stranger.send(CanFrame.standard(0x123)));
        assertEquals(0, heardByTheCar());
        assertTrue(denied("condition does not hold"), log::toString);
    }

    @Test
    void aFrameThatCarriesAnActuatorIsNotSentThoughItsIdentifierLiesInTheRange() {
        speedIs(0);
        assertEquals(CanSendResult.NOT_CARRIED, stranger.send(CanFrame.standard(0x1A8, (byte) 0, (byte) 100)));
        assertEquals(CanSendResult.NOT_CARRIED, stranger.send(CanFrame.standard(0x7DF)), "diagnosis");
        assertEquals(CanSendResult.NOT_CARRIED, stranger.send(CanFrame.extended(0x123)), "another identifier");
        assertEquals(0, heardByTheCar());
    }

    @Test
    void receivingKeepsToItsRateAndItsIdentifiers() {
        for (int i = 0; i < 10; i++) {
            unit.send(CanFrame.standard(0x300 + i));
            unit.send(CanFrame.standard(0x0A0));
        }
        List<CanFrame> heard = new ArrayList<>();
        stranger.receive(64, (frame, at) -> heard.add(frame));
        assertEquals(List.of(CanFrame.standard(0x300), CanFrame.standard(0x301), CanFrame.standard(0x302)), heard);
    }
}
