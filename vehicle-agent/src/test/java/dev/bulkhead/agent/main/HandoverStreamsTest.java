package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

/** CAN frames at 4 kHz and messages between apps go through swaps: none lost, none twice, in order. */
class HandoverStreamsTest {
    private static final String RELAY = "com.acme.relay";
    private static final String TALKER = "com.acme.talker";
    private static final int IN = 0x200;
    private static final int OUT = 0x100;
    private static final int MAIL = 0x101;

    @TempDir
    Path dir;

    private final List<CanFrame> frames = new ArrayList<>();
    private final List<CanFrame> mail = new ArrayList<>();

    private static String manifest(String app, int release, String... grants) {
        return AgentStoryTest.manifest(
                        app, release + ".0.0", release, "swap = \"handover\"\n" + AgentStoryTest.grants(grants))
                .replace("cpu = \"5ms/100ms\"", "cpu = \"80ms/100ms\"")
                .replace("queue = 64", "queue = 4096");
    }

    private static String relayManifest(int release) {
        return manifest(RELAY, release, "can can0 rx 200", "can can0 tx 100-101", "message ticks subscribe");
    }

    /** Sends what comes as frame 0x200 on as 0x100 and each message as 0x101, both with a count that is its state. */
    private static final byte[] RELAY_WASM = TestVehicle.wat("""
        (module
          (import "hal" "can_open" (func $can (param i32 i32 i32) (result i32)))
          (import "hal" "can_read" (func $read (param i32 i32 i32) (result i32)))
          (import "hal" "can_send" (func $send (param i32 i32 i32) (result i32)))
          (import "app" "msg_subscribe" (func $sub (param i32 i32) (result i32)))
          (import "app" "msg_recv" (func $recv (param i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 32) "can0")
          (data (i32.const 48) "ticks")
          (global $bus (mut i32) (i32.const 0))
          (global $frames (mut i32) (i32.const 0))
          (global $mail (mut i32) (i32.const 0))
          (func (export "alloc") (param i32) (result i32) (i32.const 32768))
          (func $emit (param $id i32) (param $value i32) (param $count i32)
            (i32.store (i32.const 2056) (local.get $id))
            (i32.store8 (i32.const 2060) (i32.const 8))
            (i32.store (i32.const 2064) (local.get $value))
            (i32.store (i32.const 2068) (local.get $count))
            (drop (call $send (global.get $bus) (i32.const 2048) (i32.const 1))))
          (func (export "on_start") (result i32)
            (global.set $bus (call $can (i32.const 32) (i32.const 4) (i32.const 3)))
            (call $sub (i32.const 48) (i32.const 5)))
          (func $drainFrames (local $n i32) (local $p i32)
            (loop $more
              (local.set $n (call $read (global.get $bus) (i32.const 4096) (i32.const 64)))
              (local.set $p (i32.const 4096))
              (if (i32.gt_s (local.get $n) (i32.const 0)) (then
                (loop $next
                  (global.set $frames (i32.add (global.get $frames) (i32.const 1)))
                  (call $emit (i32.const 0x100) (i32.load (i32.add (local.get $p) (i32.const 16))) (global.get $frames))
                  (local.set $p (i32.add (local.get $p) (i32.const 80)))
                  (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                  (br_if $next (local.get $n)))
                (br $more)))))
          (func $drainMail
            (loop $more
              (if (i32.gt_s (call $recv (i32.const 1024) (i32.const 256)) (i32.const 0)) (then
                (global.set $mail (i32.add (global.get $mail) (i32.const 1)))
                (call $emit (i32.const 0x101) (i32.load (i32.const 1037)) (global.get $mail))
                (br $more)))))
          (func (export "on_event") (param i32 i32) (result i32)
            (call $drainFrames) (call $drainMail) (i32.const 0))
          (func (export "save_state") (param $p i32) (param $cap i32) (result i32)
            (i32.store (local.get $p) (global.get $frames))
            (i32.store offset=4 (local.get $p) (global.get $mail))
            (i32.const 8))
          (func (export "restore_state") (param $p i32) (param $n i32) (result i32)
            (global.set $frames (i32.load (local.get $p)))
            (global.set $mail (i32.load offset=4 (local.get $p)))
            (i32.const 0)))
        """);

    /** Publishes a rising number every ten milliseconds, and goes on with it over its own swaps. */
    private static final byte[] TALKER_WASM = TestVehicle.wat("""
        (module
          (import "app" "msg_publish" (func $publish (param i32 i32 i32 i32) (result i32)))
          (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 48) "ticks")
          (global $n (mut i32) (i32.const 0))
          (func (export "alloc") (param i32) (result i32) (i32.const 4096))
          (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 10) (i32.const 10)))
          (func (export "on_event") (param i32 i32) (result i32)
            (global.set $n (i32.add (global.get $n) (i32.const 1)))
            (i32.store (i32.const 64) (global.get $n))
            (call $publish (i32.const 48) (i32.const 5) (i32.const 64) (i32.const 4)))
          (func (export "save_state") (param $p i32) (param $cap i32) (result i32)
            (i32.store (local.get $p) (global.get $n)) (i32.const 4))
          (func (export "restore_state") (param $p i32) (param $n i32) (result i32)
            (global.set $n (i32.load (local.get $p))) (i32.const 0)))
        """);

    private int value;

    private void drive(TestVehicle vehicle, CanPort out, CanPort back, int millis) {
        for (int i = 0; i < millis; i++) {
            for (int j = 0; j < 4; j++) {
                byte[] data = ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(++value)
                        .array();
                out.send(CanFrame.standard(IN, data));
            }
            vehicle.world.run(1);
            back.receive(4_096, (frame, time) -> (frame.id() == MAIL ? mail : frames).add(frame));
        }
    }

    private static void assertCounted(List<CanFrame> got) {
        for (int i = 0; i < got.size(); i++) {
            ByteBuffer data = ByteBuffer.wrap(got.get(i).data()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(i + 1, data.getInt(0), "value of frame " + i);
            assertEquals(i + 1, data.getInt(4), "count in frame " + i);
        }
    }

    private static String version(TestVehicle vehicle, String app) {
        return vehicle.app(app).slot().active().orElseThrow().release().version();
    }

    @Test
    void nothingIsLostOrRepeatedThroughAHundredSwapsOfTheReceiverAndTenOfTheSender() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            CanPort out = vehicle.recorder.bus.open(List.of(), 16, () -> {});
            CanPort back = vehicle.recorder.bus.open(
                    List.of(CanFilter.exactly(OUT, false), CanFilter.exactly(MAIL, false)), 8_192, () -> {});
            vehicle.install(relayManifest(1), RELAY_WASM);
            vehicle.world.run(3_000);
            vehicle.install(manifest(TALKER, 1, "message ticks publish"), TALKER_WASM);
            drive(vehicle, out, back, 3_000);
            for (int release = 2; release <= 101; release++) {
                vehicle.install(relayManifest(release), RELAY_WASM);
                if (release % 10 == 0) {
                    vehicle.install(manifest(TALKER, release, "message ticks publish"), TALKER_WASM);
                }
                drive(vehicle, out, back, 1_200);
                assertEquals(release + ".0.0", version(vehicle, RELAY), vehicle.log(RELAY)::toString);
                drive(vehicle, out, back, 2_100);
            }
            assertEquals("100.0.0", version(vehicle, TALKER));
            assertCounted(frames);
            assertEquals(value, frames.size());
            assertCounted(mail);
            assertEquals(0, vehicle.app(RELAY).compartment().orElseThrow().dropped());
            assertEquals(List.of(), vehicle.faults);
        }
    }
}
