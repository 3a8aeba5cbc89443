package dev.bulkhead.hal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.CapabilityParser;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.can.LinkedCanBus;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.mapping.VehicleMapping;
import dev.bulkhead.hal.driver.mapped.MappedBusDriver;
import dev.bulkhead.hal.driver.replay.ReplayDriver;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import dev.bulkhead.hal.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BusDriversTest {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    private static final CanFrame SPEED_50 = CanFrame.standard(0x0A0, (byte) 0x88, (byte) 0x13);
    private static final CanFrame SPEED_100 = CanFrame.standard(0x0A0, (byte) 0x10, (byte) 0x27);

    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
    private final ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
    private final DriverRack rack = new DriverRack(time, time, store, board);
    private final VehicleMapping mapping = VehicleMapping.read(
            DefaultVehicle.document(), store.tree(), new BusCodec(DbcDatabase.parse("default", DefaultVehicle.dbc())));

    private ReplayDriver replay(double speed, String... lines) {
        return new ReplayDriver(
                "test", List.of(lines).stream().map(CandumpLine::parse).toList(), speed);
    }

    private MappedBusDriver mapped() {
        return new MappedBusDriver("can0", mapping, (message, codec, data) -> {});
    }

    @Test
    void aLogPlayedBackDrivesTheSignals() {
        rack.start(replay(1, "(100.0) can0 0A0#8813000000000000", "(100.5) can0 0A0#1027000000000000"));
        rack.start(mapped());
        time.advanceMillis(400);
        assertTrue(
                Double.isNaN(store.cell("Vehicle.Speed").orElseThrow().asDouble()), "played before anybody listened");
        time.advanceMillis(101);
        assertEquals(100.0, store.cell("Vehicle.Speed").orElseThrow().asDouble(), 1e-9);
    }

    @Test
    void aLogIsPlayedAtItsPaceOrFaster() {
        ReplayDriver replay = replay(2, "(1.0) a 1#", "(2.0) b 2#", "(3.0) a 3#");
        rack.start(replay);
        CanPort port = rack.bus("a").orElseThrow().open(List.of(CanFilter.ANY_DATA), 8, () -> {});
        assertEquals(2, replay.remaining());
        time.advanceMillis(999);
        assertEquals(1, replay.remaining());
        time.advanceMillis(1);
        List<CanFrame> heard = new ArrayList<>();
        port.receive(8, (frame, at) -> heard.add(frame));
        assertEquals(List.of(CanFrame.standard(3)), heard);
    }

    @Test
    void aLogPlayedAtOnceLosesNothingToAReaderThatComesInBetween() {
        List<CandumpLine> lines = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            lines.add(new CandumpLine(i * 1_000_000L, "can0", CanFrame.standard(0x0A0, (byte) i, (byte) 0)));
        }
        rack.start(ReplayDriver.atOnce("test", lines, 1_000_000));
        List<CanFrame> heard = new ArrayList<>();
        CanPort[] port = new CanPort[1];
        port[0] = rack.bus("can0")
                .orElseThrow()
                .open(
                        List.of(CanFilter.ANY_DATA),
                        512,
                        () -> time.at(time.nanos(), () -> port[0].receive(512, (frame, at) -> heard.add(frame))));
        time.advanceMillis(2);
        assertEquals(10_000, heard.size());
        assertEquals(0, port[0].dropped());
    }

    @Test
    void aLogPlayedAtOnceIsThinnedByTheTimesOfTheLogAndNotByTheClock() {
        List<CandumpLine> lines = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lines.add(new CandumpLine(
                    1_000_000L + i * 5_000L, "can0", CanFrame.standard(0x0A0, (byte) ((i * 100) >> 8), (byte)
                            (i * 100))));
        }
        SignalSubscription heard = store.subscribe(
                store.tree().find("Vehicle.Speed").orElseThrow().id(), SubscriptionOptions.queue(256), () -> {});
        rack.start(ReplayDriver.atOnce("test", lines, 1_000_000));
        rack.start(mapped());
        time.advanceMillis(2);
        SignalReading reading = new SignalReading();
        List<Long> times = new ArrayList<>();
        while (heard.poll(reading)) {
            times.add(reading.timeNanos());
        }
        assertEquals(50, times.size(), "one in 10 ms of 100 in half a second, as interval_ms says");
        assertEquals(10_000_000L, times.get(1) - times.get(0));
        assertTrue(times.getLast() <= time.nanos(), "none is from the future");
    }

    @Test
    void aMappingOfABusThatNobodyBringsIsRefused() {
        assertThrows(DriverException.class, () -> rack.start(mapped()));
    }

    private void attach(CanBus bus) {
        rack.start(new Driver() {
            @Override
            public String name() {
                return "bus";
            }

            @Override
            public void start(DriverContext context) {
                context.attach(bus);
            }

            @Override
            public void close() {}
        });
    }

    private LinkedCanBus realBus() {
        LinkedCanBus bus = new LinkedCanBus("can0", false, time, frame -> CanSendResult.SENT);
        attach(bus);
        return bus;
    }

    private double speed() {
        return store.cell("Vehicle.Speed").orElseThrow().asDouble();
    }

    @Test
    void whatComesFromARealBusIsTakenInByTheThreadThatReadIt() {
        LinkedCanBus bus = realBus();
        rack.start(mapped());
        bus.received(SPEED_50, time.nanos());
        assertEquals(50.0, speed(), 1e-9);
    }

    @Test
    void whatIsSentInTheHouseIsTakenInByTheSchedulerForTheSenderMayHoldLocks() {
        LinkedCanBus bus = realBus();
        rack.start(mapped());
        bus.open(List.of(), 1, () -> {}).send(SPEED_50);
        assertTrue(Double.isNaN(speed()));
        time.advanceMillis(1);
        assertEquals(50.0, speed(), 1e-9);
    }

    @Test
    void aFaultWhileAFrameIsTakenInDoesNotReachTheThreadThatReadsTheBus() {
        LinkedCanBus bus = realBus();
        rack.start(mapped());
        AtomicInteger heard = new AtomicInteger();
        SignalSubscription subscription = store.subscribe(
                store.tree().find("Vehicle.Speed").orElseThrow().id(), SubscriptionOptions.latest(), () -> {
                    if (heard.incrementAndGet() == 1) {
                        throw new IllegalStateException("a listener with a fault");
                    }
                });
        bus.received(SPEED_50, time.nanos());
        time.advanceMillis(100);
        subscription.poll(new SignalReading());
        bus.received(SPEED_100, time.nanos());
        assertEquals(2, heard.get());
        assertEquals(100.0, speed(), 1e-9);
    }

    @Test
    void commandsGoOutAsFramesAndOnlyWhileTheBusWorks() {
        VirtualCanBus bus = new VirtualCanBus("can0", false, time);
        attach(bus);
        rack.start(mapped());
        CanPort unit = bus.open(List.of(CanFilter.exactly(0x1A8, false)), 8, () -> {});
        SignalActuate grant = (SignalActuate)
                CapabilityParser.parse("signal " + FAN + " actuate").capability();
        ActuatorClaim claim = board.claim(
                store.tree().find(FAN).orElseThrow(), new ActuatorOwner("a", 1), grant, (leaf, cause) -> {});
        claim.acquire(0, 1_000_000_000);
        assertEquals(ActuationOutcome.OK, claim.set(40L));
        List<String> heard = new ArrayList<>();
        unit.receive(8, (frame, at) -> heard.add(frame.toString()));
        assertEquals(List.of("1A8#0028000000000000"), heard);
        bus.force(CanBusStatus.State.BUS_OFF);
        assertEquals(ActuationOutcome.NODEV, claim.set(50L));
    }

    @Test
    void twoDriversCannotTakeTheSameActuatorAndTheSecondLeavesNothingBehind() {
        rack.start(replay(1, "(1.0) can0 1#"));
        rack.start(mapped());
        Driver greedy = new Driver() {
            @Override
            public String name() {
                return "greedy";
            }

            @Override
            public void start(DriverContext context) {
                context.attach(new VirtualCanBus("can9", false, time));
                new MappedBusDriver("can0", mapping, (message, codec, data) -> {}).start(context);
            }

            @Override
            public void close() {}
        };
        assertThrows(DriverException.class, () -> rack.start(greedy));
        assertTrue(rack.bus("can9").isEmpty());
        assertEquals(2, rack.health().size());
        rack.close();
        assertFalse(board.view(store.tree().find(FAN).orElseThrow().id())
                .orElseThrow()
                .driven());
    }
}
