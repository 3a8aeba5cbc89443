package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.contract.abi.HostFunction;
import dev.bulkhead.contract.abi.HostFunctions;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.abi.ValueType;
import dev.bulkhead.hal.actuation.LossCause;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No argument of a guest makes a host function throw, reach outside the guest's memory, or do what was not granted. */
class HostAttackTest {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final long BADH = Status.BADH.code();
    private static final long FAULT = Status.FAULT.code();
    private static final long INVAL = Status.INVAL.code();
    private static final long PERM = Status.PERM.code();

    private static final long[] NASTY = {
        0,
        1,
        -1,
        2,
        7,
        15,
        16,
        24,
        32,
        80,
        255,
        256,
        257,
        4_096,
        4_097,
        65_535,
        65_536,
        65_537,
        0x7FFF_FFFF,
        -0x8000_0000L,
        -16,
        -65_536,
        1_024,
        100_000
    };

    static Stream<HostFunction> functions() {
        return HostFunctions.table().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void survivesEveryKindOfArgument(HostFunction function) {
        Bench bench = new Bench();
        long signal = bench.open("Vehicle.Speed", 1);
        long actuator = bench.open(FAN, 3);
        bench.memory.put(2_048, "can0");
        long bus = bench.call("hal.can_open", 2_048, 4, 3);
        assertTrue(signal > 0 && actuator > 0 && bus > 0);
        SplittableRandom random = new SplittableRandom(function.name().hashCode());
        for (int i = 0; i < 4_000; i++) {
            long[] arguments = new long[function.params().size()];
            for (int a = 0; a < arguments.length; a++) {
                arguments[a] = argument(function.params().get(a), random, List.of(signal, actuator, bus));
            }
            try {
                bench.function(function.qualifiedName()).call(bench.memory, arguments);
            } catch (KillException expected) {
                assertTrue(function.name().contains("exit"), function.name());
            }
        }
        bench.session.close(dev.bulkhead.hal.actuation.LossCause.KILLED);
    }

    private static long argument(ValueType type, SplittableRandom random, List<Long> handles) {
        return switch (type) {
            case I32 ->
                switch (random.nextInt(4)) {
                    case 0 -> handles.get(random.nextInt(handles.size()));
                    case 1 -> random.nextInt();
                    case 2 -> random.nextInt(1_200);
                    default -> (int) NASTY[random.nextInt(NASTY.length)];
                };
            case I64 -> random.nextLong();
            case F64 ->
                Double.doubleToRawLongBits(
                        switch (random.nextInt(5)) {
                            case 0 -> Double.NaN;
                            case 1 -> Double.POSITIVE_INFINITY;
                            case 2 -> -1e300;
                            case 3 -> random.nextDouble();
                            default -> random.nextInt(200);
                        });
        };
    }

    @Test
    void everyFunctionOfTheTableIsBound() {
        Bench bench = new Bench();
        functions().forEach(function -> bench.function(function.qualifiedName()));
    }

    @Test
    void answersBadPointersWithAFault() {
        Bench bench = new Bench();
        long signal = bench.open("Vehicle.Speed", 1);
        assertEquals(FAULT, bench.call("hal.signal_open", 65_530, 13, 1));
        assertEquals(FAULT, bench.call("hal.signal_open", -1, 13, 1));
        assertEquals(FAULT, bench.call("hal.signal_info", signal, 65_536, 1));
        assertEquals(FAULT, bench.call("hal.signal_read", signal, 65_521));
        assertEquals(FAULT, bench.call("hal.signal_read_batch", 65_533, 1, 0));
        assertEquals(FAULT, bench.call("hal.signal_read_batch", 0, 256, 60_000));
        assertEquals(FAULT, bench.call("hal.actuator_set_bytes", signal, 65_000, 1_000));
        assertEquals(FAULT, bench.call("hal.actuator_set_batch", 65_528, 1));
        assertEquals(FAULT, bench.call("hal.can_open", 65_533, 4, 1));
        assertEquals(FAULT, bench.call("app.random", 65_000, 1_000));
        assertEquals(FAULT, bench.call("app.log", 2, 65_535, 2));
        assertEquals(FAULT, bench.call("app.kv_put", 0, 4, 65_535, 2));
        assertEquals(FAULT, bench.call("app.msg_recv", 65_535, 2));
        assertEquals(FAULT, bench.call("app.budget", 65_489));
        assertEquals(FAULT, bench.call("app.unhealthy", 65_530, 7));
        assertEquals(FAULT, bench.call("app.unhealthy", -1, 1));
        assertEquals(INVAL, bench.call("app.unhealthy", 0, -1));
    }

    @Test
    void answersAbsurdLengthsWithInval() {
        Bench bench = new Bench();
        assertEquals(INVAL, bench.call("hal.signal_open", 0, -1, 1));
        assertEquals(INVAL, bench.call("hal.signal_open", 0, 256, 1));
        assertEquals(INVAL, bench.call("hal.signal_read_batch", 0, 257, 0));
        assertEquals(INVAL, bench.call("app.random", 0, 65_537));
        assertEquals(INVAL, bench.call("app.kv_get", 0, 129, 0, 0));
        assertEquals(INVAL, bench.call("app.kv_get", 0, 0, 0, 0));
        assertEquals(INVAL, bench.call("app.timer_set", 64, 0, 0));
        assertEquals(INVAL, bench.call("app.timer_set", 0, -1, 0));
    }

    @Test
    void answersHandlesThatAreNoneWithBadh() {
        Bench bench = new Bench();
        for (long handle : new long[] {0, -1, 1, 4_097, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertEquals(BADH, bench.call("hal.signal_read", handle, 0));
            assertEquals(BADH, bench.call("hal.signal_close", handle));
            assertEquals(BADH, bench.call("hal.actuator_acquire", handle, 1, 100));
            assertEquals(BADH, bench.call("hal.actuator_set_f64", handle, 0));
            assertEquals(BADH, bench.call("hal.can_read", handle, 0, 1));
            assertEquals(BADH, bench.call("hal.can_send", handle, 0, 1));
            assertEquals(BADH, bench.call("hal.signal_subscribe", handle, 0, 0, 0, 1));
            bench.call("hal.signal_get_f64", handle);
            assertEquals(BADH, bench.call("hal.last_status"));
        }
    }

    @Test
    void aClosedHandleStaysClosedWhenItsPlaceIsUsedAgain() {
        Bench bench = new Bench();
        long first = bench.open("Vehicle.Speed", 1);
        assertEquals(0, bench.call("hal.signal_close", first));
        long second = bench.open("Vehicle.Speed", 1);
        assertTrue(first != second);
        assertEquals(BADH, bench.call("hal.signal_read", first, 0));
    }

    @Test
    void aHandleOfAnotherKindIsNone() {
        Bench bench = new Bench();
        bench.memory.put(0, "can0");
        long bus = bench.call("hal.can_open", 0, 4, 1);
        long signal = bench.open("Vehicle.Speed", 1);
        assertEquals(BADH, bench.call("hal.signal_read", bus, 0));
        assertEquals(BADH, bench.call("hal.can_read", signal, 0, 1));
        assertEquals(BADH, bench.call("hal.can_send", bus, 0, 1), "it was opened to receive only");
        assertEquals(PERM, bench.call("hal.actuator_set_f64", signal, 0), "it was opened to read only");
    }

    @Test
    void boundsHandles() {
        Bench bench = new Bench();
        long last = 0;
        for (int i = 0; i < 17; i++) {
            last = bench.open("Vehicle.Speed", 1);
        }
        assertEquals(Status.NOSPC.code(), last);
    }

    @Test
    void boundsWhatSubscriptionsMayQueueTogether() {
        Bench bench = new Bench();
        long one = bench.open("Vehicle.Speed", 1);
        long two = bench.open(FAN, 1);
        assertEquals(0, bench.call("hal.signal_subscribe", one, 1, 0, 0, 60));
        assertEquals(Status.NOSPC.code(), bench.call("hal.signal_subscribe", two, 1, 0, 0, 60));
        assertEquals(0, bench.call("hal.signal_unsubscribe", one));
        assertEquals(0, bench.call("hal.signal_subscribe", two, 1, 0, 0, 60));
    }

    @Test
    void deniesByNamedRuleAndCountsRepetitions() {
        Bench bench = new Bench();
        for (int i = 0; i < 50; i++) {
            assertEquals(PERM, bench.open("Vehicle.Chassis.Brake.PedalPosition", 2));
        }
        bench.session.close(dev.bulkhead.hal.actuation.LossCause.STOPPED);
        var denials = bench.audit.stream().filter(e -> e.hasDenied()).toList();
        assertEquals(2, denials.size());
        assertEquals(1, denials.getFirst().getDenied().getCount());
        assertEquals(49, denials.getLast().getDenied().getCount());
        assertEquals(50, bench.session.denied());
    }

    @Test
    void aFloodOfDifferentDenialsIsWrittenDownInAFewLines() {
        Bench bench = new Bench();
        for (int i = 0; i < 5_000; i++) {
            bench.open("Vehicle.Unknown.Signal" + i, 2);
        }
        bench.session.close(dev.bulkhead.hal.actuation.LossCause.STOPPED);
        assertTrue(bench.audit.size() < 400, bench.audit.size() + " entries");
        long counted =
                bench.audit.stream().mapToLong(e -> e.getDenied().getCount()).sum();
        assertEquals(5_000, counted);
    }

    @Test
    void saysNothingAboutSignalsThatMayNotBeRead() {
        Bench bench = new Bench(Bench.policy(1, "signal Vehicle.Speed read"));
        assertEquals(PERM, bench.open("Vehicle.Cabin.HVAC.AmbientAirTemperature", 1));
        assertEquals(PERM, bench.open("Vehicle.NoSuchThing", 1));
    }

    @Test
    void aNewPolicyTakesAccessAwayFromOpenHandles() {
        Bench bench = new Bench();
        bench.publish("Vehicle.Speed", 50);
        long speed = bench.open("Vehicle.Speed", 1);
        long fan = bench.open(FAN, 3);
        assertEquals(0, bench.call("hal.actuator_acquire", fan, 10, 1_000));
        assertEquals(0, bench.call("hal.actuator_set_i64", fan, 20));
        assertEquals(0, bench.call("hal.signal_read", speed, 0));

        var next = new dev.bulkhead.security.policy.PolicyDecider(
                Bench.policy(2, "signal Vehicle.Width read"), dev.bulkhead.security.policy.ActuatorFrames.none());
        assertTrue(bench.policy.replace(next));

        assertEquals(PERM, bench.call("hal.signal_read", speed, 0));
        assertEquals(PERM, bench.call("hal.actuator_set_i64", fan, 30));
        assertTrue(!bench.policy.replace(next), "an epoch that does not rise is refused");
    }

    @Test
    void setsActuatorsWithinTheirContractOnly() {
        Bench bench = new Bench();
        long fan = bench.open(FAN, 2);
        assertEquals(Status.LEASE.code(), bench.call("hal.actuator_set_i64", fan, 20));
        assertEquals(0, bench.call("hal.actuator_acquire", fan, 10, 1_000));
        assertEquals(Status.RANGE.code(), bench.call("hal.actuator_set_i64", fan, 51));
        assertEquals(PERM, bench.call("hal.actuator_acquire", fan, 51, 1_000));
        assertEquals(INVAL, bench.call("hal.actuator_acquire", fan, 101, 1_000));
        assertEquals(0, bench.call("hal.actuator_set_i64", fan, 20));
        assertEquals("20", bench.driven.get(FAN));
        bench.advance(2_000);
        assertEquals(Status.LEASE.code(), bench.call("hal.actuator_set_i64", fan, 20));
        assertTrue(bench.events().stream().anyMatch(event -> event[0] == 6 && event[2] == fan));
    }

    @Test
    void aBatchIsAllOrNothing() {
        Bench bench = new Bench();
        long fan = bench.open(FAN, 2);
        bench.call("hal.actuator_acquire", fan, 10, 1_000);
        bench.memory.writeInt(0, (int) fan);
        bench.memory.writeLong(8, 20);
        bench.memory.writeInt(16, 77);
        bench.memory.writeLong(24, 20);
        assertEquals(BADH, bench.call("hal.actuator_set_batch", 0, 2));
        assertEquals(BADH, bench.memory.readInt(20));
        assertTrue(bench.driven.isEmpty());
        assertEquals(0, bench.call("hal.actuator_set_batch", 0, 1));
        assertEquals("20", bench.driven.get(FAN));
    }

    @Test
    void closingReleasesWhatTheAppOwned() {
        Bench bench = new Bench();
        long fan = bench.open(FAN, 2);
        bench.call("hal.actuator_acquire", fan, 10, 60_000);
        bench.call("hal.actuator_set_i64", fan, 20);
        bench.session.close(dev.bulkhead.hal.actuation.LossCause.CRASHED);
        assertTrue(bench.driven.isEmpty());
        assertTrue(bench.audit.stream().anyMatch(e -> e.hasFailsafeApplied()));
    }

    @Test
    void sendsOnlyGrantedFramesAndReadsThem() {
        Bench bench = new Bench();
        bench.memory.put(0, "can0");
        long bus = bench.call("hal.can_open", 0, 4, 3);
        frame(bench, 0x150, 8);
        assertEquals(1, bench.call("hal.can_send", bus, 4_096, 1));
        frame(bench, 0x250, 8);
        assertEquals(PERM, bench.call("hal.can_send", bus, 4_096, 1));
        frame(bench, 0x150, 9);
        assertEquals(INVAL, bench.call("hal.can_send", bus, 4_096, 1));
        frame(bench, 0x7DF, 8);
        assertEquals(PERM, bench.call("hal.can_send", bus, 4_096, 1));
        var other = bench.bus.open(List.of(), 1, () -> {});
        other.send(dev.bulkhead.hal.can.CanFrame.standard(0x300, (byte) 1));
        other.send(dev.bulkhead.hal.can.CanFrame.standard(0x7DF, (byte) 1));
        other.send(dev.bulkhead.hal.can.CanFrame.standard(0x301, (byte) 2));
        assertTrue(bench.events().stream().anyMatch(event -> event[0] == 2 && event[2] == bus));
        assertEquals(2, bench.call("hal.can_read", bus, 8_192, 8), "the diagnostic frame is not for this app");
        assertEquals(0x301, bench.memory.readInt(8_192 + 80 + 8));
    }

    private static void frame(Bench bench, int id, int length) {
        bench.memory.writeInt(4_096 + 8, id);
        bench.memory.writeByte(4_096 + 12, (byte) length);
        bench.memory.writeByte(4_096 + 13, (byte) 0);
    }

    @Test
    void keepsStorageWithinItsQuota() {
        Bench bench = new Bench();
        bench.memory.put(0, "key");
        assertEquals(0, bench.call("app.kv_put", 0, 3, 100, 4_000));
        bench.memory.put(0, "kez");
        assertEquals(Status.NOSPC.code(), bench.call("app.kv_put", 0, 3, 100, 4_000));
        assertEquals(Status.NOENT.code(), bench.call("app.kv_get", 0, 3, 100, 4_000));
        bench.memory.put(0, "key");
        assertEquals(4_000, bench.call("app.kv_get", 0, 3, 0, 0), "asking with no room tells the length");
        assertEquals(5, bench.call("app.kv_list", 0, 2, 200, 100));
        assertEquals(0, bench.call("app.kv_delete", 0, 3));
        assertEquals(Status.NOENT.code(), bench.call("app.kv_delete", 0, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.kv_put", "app.kv_delete"})
    void whatAnInstanceWasAboutToWriteWhenItWasEndedDoesNotHappen(String call) {
        Bench bench = new Bench();
        long[] arguments = call.endsWith("put") ? new long[] {0, 3, 100, 8} : new long[] {0, 3};
        bench.memory.put(0, "key");
        assertEquals(0, bench.call("app.kv_put", 0, 3, 100, 4));
        bench.beforeWrite = () -> bench.session.silence(LossCause.KILLED);
        assertThrows(KillException.class, () -> bench.call(call, arguments));
        assertEquals(4, bench.call("app.kv_get", 0, 3, 200, 100));
    }

    @Test
    void delaysNobodyAndLosesTheOldestWhenMessagesPileUp() {
        Bench bench = new Bench();
        bench.memory.put(0, "fleet/news");
        assertEquals(0, bench.call("app.msg_subscribe", 0, 10));
        for (int i = 0; i < 300; i++) {
            bench.memory.writeInt(100, i);
            assertEquals(0, bench.call("app.msg_publish", 0, 10, 100, 4));
        }
        var event = bench.events().getFirst();
        assertEquals(4, event[0]);
        assertEquals(44, event[3]);
        assertEquals(256, event[4]);
        assertEquals(22, bench.call("app.msg_recv", 200, 100));
        assertEquals(44, bench.memory.readInt(200 + 8 + 10));
        bench.memory.put(0, "brake/apply");
        assertEquals(PERM, bench.call("app.msg_publish", 0, 11, 100, 4));
        bench.memory.put(0, "fleet/+");
        assertEquals(INVAL, bench.call("app.msg_publish", 0, 7, 100, 4));
    }

    @Test
    void firesTimersCountsMissedPeriodsAndStops() {
        Bench bench = new Bench();
        assertEquals(0, bench.call("app.timer_set", 3, 10, 10));
        bench.advance(10);
        assertEquals(List.of(3), bench.events().stream().map(event -> event[2]).toList());
        bench.advance(50);
        var late = bench.events();
        assertEquals(1, late.size());
        assertEquals(4, late.getFirst()[4]);
        assertEquals(0, bench.call("app.timer_cancel", 3));
        bench.advance(100);
        assertTrue(bench.events().isEmpty());
        assertEquals(Status.NOENT.code(), bench.call("app.timer_cancel", 3));
    }

    @Test
    void shadowsDoNothingToTheWorld() {
        Bench bench = new Bench();
        AppSession shadow = bench.shadow();
        var calls = HostLinker.imports(shadow);
        bench.memory.put(1_024, FAN);
        long fan =
                calls.find("hal", "signal_open").orElseThrow().call(bench.memory, new long[] {1_024, FAN.length(), 2});
        assertEquals(
                0, calls.find("hal", "actuator_acquire").orElseThrow().call(bench.memory, new long[] {fan, 10, 1_000}));
        assertEquals(0, calls.find("hal", "actuator_set_i64").orElseThrow().call(bench.memory, new long[] {fan, 20}));
        bench.memory.put(0, "key");
        assertEquals(0, calls.find("app", "kv_put").orElseThrow().call(bench.memory, new long[] {0, 3, 100, 4}));
        assertEquals(4, calls.find("app", "kv_get").orElseThrow().call(bench.memory, new long[] {0, 3, 200, 4}));
        assertTrue(bench.driven.isEmpty());
        assertEquals(Status.NOENT.code(), bench.call("app.kv_get", 0, 3, 200, 4));
    }

    @Test
    void logLinesAreBoundedAndCleaned() {
        Bench bench = new Bench();
        bench.memory.put(0, "red\u001b[31m");
        assertEquals(0, bench.call("app.log", 2, 0, 8));
        assertEquals("red\uFFFD[31m", bench.book.last(1).getFirst().text());
        long last = 0;
        for (int i = 0; i < 200; i++) {
            last = bench.call("app.log", 2, 0, 8);
        }
        assertEquals(Status.RATE.code(), last);
        assertEquals(INVAL, bench.call("app.log", 4, 0, 8));
    }
}
