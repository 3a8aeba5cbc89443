package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app is replaced while events keep flowing: state, events and actuators move without loss. */
class HandoverTest {
    static final String APP = "com.acme.relay";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    @TempDir
    Path dir;

    private final List<CanFrame> sent = new ArrayList<>();

    static String manifest(int release) {
        return AgentStoryTest.manifest(
                        APP,
                        release + ".0.0",
                        release,
                        "swap = \"handover\"\n"
                                + AgentStoryTest.grants(
                                        "signal Vehicle.Speed read",
                                        "signal " + FAN + " actuate range=0..100 priority=30 lease<=60000ms failsafe=0",
                                        "can can0 tx 100"))
                .replace("cpu = \"5ms/100ms\"", "cpu = \"50ms/100ms\"")
                .replace("queue = 64", "queue = 4096");
    }

    /** Sends each value of the speed, and how many it has seen, as a frame; owns the fan. Its state is the count. */
    private static final String RELAY = """
            (module
              (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
              (import "hal" "signal_subscribe" (func $sub (param i32 i32 i32 f64 i32) (result i32)))
              (import "hal" "can_open" (func $can (param i32 i32 i32) (result i32)))
              (import "hal" "can_send" (func $send (param i32 i32 i32) (result i32)))
              (import "hal" "actuator_acquire" (func $acquire (param i32 i32 i32) (result i32)))
              (import "hal" "actuator_renew" (func $renew (param i32) (result i32)))
              (import "hal" "actuator_set_f64" (func $set (param i32 f64) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "Vehicle.Speed")
              (data (i32.const 32) "can0")
              (data (i32.const 64) "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed")
              (global $speed (mut i32) (i32.const 0))
              (global $bus (mut i32) (i32.const 0))
              (global $fan (mut i32) (i32.const 0))
              (global $count (mut i32) (i32.const 0))
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func (export "on_start") (result i32)
                (global.set $speed (call $open (i32.const 16) (i32.const 13) (i32.const 1)))
                (global.set $bus (call $can (i32.const 32) (i32.const 4) (i32.const 2)))
                (global.set $fan (call $open (i32.const 64) (i32.const 47) (i32.const 2)))
                (drop (call $acquire (global.get $fan) (i32.const 10) (i32.const 60000)))
                (drop (call $set (global.get $fan) (f64.const 33)))
                (call $sub (global.get $speed) (i32.const 1) (i32.const 0) (f64.const 0) (i32.const 2000)))
              (func (export "on_event") (param $p i32) (param $n i32) (result i32)
                (drop (call $renew (global.get $fan)))
                ON_EVENT
                (loop $next
                  (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
                  (global.set $count (i32.add (global.get $count) (i32.const 1)))
                  (i32.store (i32.const 2056) (i32.const 0x100))
                  (i32.store8 (i32.const 2060) (i32.const 8))
                  (i32.store (i32.const 2064) (i32.trunc_f64_s (f64.load (i32.add (local.get $p) (i32.const 16)))))
                  (i32.store (i32.const 2068) (global.get $count))
                  (drop (call $send (global.get $bus) (i32.const 2048) (i32.const 1)))
                  (local.set $p (i32.add (local.get $p) (i32.const 32)))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br $next))
                (i32.const 0))
              (func (export "save_state") (param $p i32) (param $cap i32) (result i32)
                (i32.store (local.get $p) (global.get $count))
                (i32.const 4))
              (func (export "restore_state") (param $p i32) (param $n i32) (result i32)
                RESTORE
                (global.set $count (i32.load (local.get $p)))
                (i32.const 0)))
            """;

    static byte[] relay(String restore, String onEvent) {
        return TestVehicle.wat(RELAY.replace("RESTORE", restore).replace("ON_EVENT", onEvent));
    }

    private CanPort listen(TestVehicle vehicle) {
        return vehicle.recorder.bus.open(List.of(CanFilter.ANY_DATA), 4_096, () -> {});
    }

    private int value;

    /** Publishes one value each millisecond. */
    private void drive(TestVehicle vehicle, CanPort port, int millis) {
        for (int i = 0; i < millis; i++) {
            vehicle.publish("Vehicle.Speed", ++value);
            vehicle.world.run(1);
            port.receive(4_096, (frame, time) -> sent.add(frame));
        }
    }

    private void assertNoneLostNoneTwice() {
        for (int i = 0; i < sent.size(); i++) {
            ByteBuffer data = ByteBuffer.wrap(sent.get(i).data()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(i + 1, data.getInt(0), "value of frame " + i);
            assertEquals(i + 1, data.getInt(4), "count in frame " + i);
        }
    }

    @Test
    void losesAndRepeatsNothingThroughAHundredSwaps() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            for (int release = 2; release <= 101; release++) {
                vehicle.install(manifest(release), relay("", ""));
                drive(vehicle, port, 1_500);
                assertEquals(
                        release + ".0.0",
                        vehicle.app(APP).slot().active().orElseThrow().release().version(),
                        vehicle.log(APP)::toString);
                vehicle.world.run(2_100);
            }
            drive(vehicle, port, 100);
            assertNoneLostNoneTwice();
            assertEquals(value, sent.size());
            assertEquals("33", vehicle.recorder.values.get(FAN));
            assertEquals(
                    0,
                    vehicle.audit().stream().filter(e -> e.hasFailsafeApplied()).count());
            assertEquals(0, vehicle.faults.size(), vehicle.faults.toString());
        }
    }

    @Test
    void aVersionThatTrapsInItsShadowChangesNothing() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2), relay("", "unreachable"));
            drive(vehicle, port, 2_000);
            var back = assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertTrue(back.cause().contains("unreachable"), back.cause());
            assertEquals(value, sent.size());
            assertNoneLostNoneTwice();
        }
    }

    @Test
    void aVersionThatTrapsInRestoreStateChangesNothing() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2), relay("unreachable", ""));
            drive(vehicle, port, 2_000);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals(value, sent.size());
            assertNoneLostNoneTwice();
        }
    }

    @Test
    void aVersionThatTrapsOnProbationGivesTheOldOneItsStateAndItsEventsBack() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            String late = "(if (i32.gt_u (global.get $count) (i32.const 1600)) (then unreachable))";
            vehicle.install(manifest(2), relay("", late));
            drive(vehicle, port, 2_500);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals(
                    "1.0.0",
                    vehicle.app(APP).slot().active().orElseThrow().release().version());
            int before = sent.size();
            drive(vehicle, port, 500);
            assertEquals(before + 500, sent.size(), "the old version hears every event again");
            assertEquals(0, vehicle.faults.size(), vehicle.faults.toString());
        }
    }

    /** Several callbacks' worth at a time, so that the cut falls between two of them with events waiting. */
    private void flood(TestVehicle vehicle, CanPort port, int bursts) {
        for (int i = 0; i < bursts; i++) {
            for (int each = 0; each < 100; each++) {
                vehicle.publish("Vehicle.Speed", ++value);
            }
            vehicle.world.run(20);
            port.receive(4_096, (frame, time) -> sent.add(frame));
        }
    }

    private static String version(TestVehicle vehicle) {
        return vehicle.app(APP).slot().active().orElseThrow().release().version();
    }

    @Test
    void whatWaitsAtTheCutIsDeliveredOnceAndInOrder() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2), relay("", ""));
            flood(vehicle, port, 100);
            assertEquals("2.0.0", version(vehicle));
            assertEquals(value, sent.size());
            assertNoneLostNoneTwice();
        }
    }

    @Test
    void aVersionThatTrapsAtWhatWaitedForItAtTheCutGivesTheRestBack() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            String restoredOnceMore =
                    "(i32.store (i32.const 1000) (i32.add (i32.load (i32.const 1000)) (i32.const 1)))";
            String trap = "(if (i32.eq (i32.load (i32.const 1000)) (i32.const 2)) (then unreachable))";
            vehicle.install(manifest(2), relay(restoredOnceMore, trap));
            flood(vehicle, port, 100);
            assertInstanceOf(
                    UpdateOutcome.RolledBack.class, vehicle.reports.getLast().outcome());
            assertEquals("1.0.0", version(vehicle));
            assertTrue(value - sent.size() <= 64, "at most the one batch it trapped at is lost: " + sent.size());
            int before = sent.size();
            flood(vehicle, port, 5);
            assertEquals(before + 500, sent.size());
            assertEquals(0, vehicle.faults.size(), vehicle.faults.toString());
        }
    }

    private void driveToTheCut(TestVehicle vehicle, CanPort port) {
        for (int i = 0; i < 5_000 && !cuttingOver(vehicle); i++) {
            drive(vehicle, port, 1);
        }
        assertTrue(cuttingOver(vehicle));
    }

    private static boolean cuttingOver(TestVehicle vehicle) {
        return vehicle.app(APP)
                .slot()
                .candidate()
                .filter(candidate -> candidate.stage() == AppSlot.Stage.CUTOVER)
                .isPresent();
    }

    @Test
    void aVersionThatFailsJustBeforeItHandsOverIsReplacedAllTheSame() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(
                    manifest(1),
                    relay("", "(if (f64.eq (f64.load offset=16 (local.get $p)) (f64.const 0.5)) (then unreachable))"));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2), relay("", ""));
            driveToTheCut(vehicle, port);
            vehicle.publish("Vehicle.Speed", 0.5);
            vehicle.world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals("2.0.0", version(vehicle));
            assertEquals(0, vehicle.faults.size(), vehicle.faults.toString());
        }
    }

    @Test
    void anAgentThatStopsJustBeforeACutIsQuietAtOnce() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort port = listen(vehicle);
            vehicle.install(manifest(1), relay("", ""));
            vehicle.world.run(3_000);
            vehicle.install(manifest(2), relay("", ""));
            driveToTheCut(vehicle, port);
            vehicle.agent.orchestrator().close();
            vehicle.world.run(1);
            assertTrue(vehicle.agent.orchestrator().quiet());
        }
    }

    /** The same on real threads: a publisher at 1 kHz that never waits for anybody. */
    @Test
    void losesAndRepeatsNothingOnRealThreads() throws Exception {
        TestVehicle.Vendors vendors = new TestVehicle.Vendors(java.time.Instant.now());
        TestVehicle.Recorder recorder = new TestVehicle.Recorder(new SystemClock());
        try (RoadAgent agent = RoadAgent.start(new RoadSettings(
                "veh-1",
                "test",
                dir.resolve("data"),
                dev.bulkhead.hal.signal.DefaultVehicle.tree(),
                dev.bulkhead.security.policy.VehiclePolicy.parse(TestVehicle.POLICY, "policy.toml"),
                dev.bulkhead.security.policy.ActuatorFrames.none(),
                new dev.bulkhead.security.keys.TrustAnchor(vendors.root.certificate()),
                List.of(recorder),
                java.util.Optional.empty(),
                0,
                java.util.Optional.empty()))) {
            CanPort port = recorder.bus.open(List.of(CanFilter.ANY_DATA), 65_536, () -> {});
            java.util.function.Consumer<Integer> install = release -> {
                byte[] signed = vendors.packed(manifest(release).replace("\"2s\"", "\"0s\""), relay("", ""));
                try {
                    Path file = java.nio.file.Files.write(dir.resolve("p" + release), signed);
                    agent.agent()
                            .installer()
                            .install(dev.bulkhead.agent.lifecycle.InstallOrder.sideload("order-" + release), file);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            };
            install.accept(1);
            awaitVersion(agent, 1);
            java.util.concurrent.atomic.AtomicBoolean go = new java.util.concurrent.atomic.AtomicBoolean(true);
            int speed = agent.agent()
                    .signals()
                    .tree()
                    .find("Vehicle.Speed")
                    .orElseThrow()
                    .id();
            Thread publisher = Thread.ofPlatform().start(() -> {
                while (go.get()) {
                    agent.agent().signals().publish(speed, (double) ++value, value);
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                }
            });
            for (int release = 2; release <= 4; release++) {
                install.accept(release);
                awaitVersion(agent, release);
            }
            go.set(false);
            publisher.join();
            for (int i = 0; i < 200 && sent.size() < value; i++) {
                port.receive(65_536, (frame, time) -> sent.add(frame));
                java.util.concurrent.TimeUnit.MILLISECONDS.sleep(10);
            }
            assertEquals(value, sent.size());
            assertNoneLostNoneTwice();
        }
    }

    private static void awaitVersion(RoadAgent agent, int release) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            var app = agent.agent().orchestrator().app(APP);
            boolean there = app.isPresent()
                    && app.get().slot().phase() instanceof dev.bulkhead.agent.lifecycle.Phase.Running
                    && app.get().slot().trial().isEmpty()
                    && app.get().slot().active().orElseThrow().release().release() == release;
            if (there) {
                return;
            }
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new AssertionError("release " + release + " did not come up: "
                + agent.agent().orchestrator().transitions(APP));
    }
}
