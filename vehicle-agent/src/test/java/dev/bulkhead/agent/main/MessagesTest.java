package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.CompartmentView;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one app says another hears: at once, when it comes later, and again after each restart. */
class MessagesTest {
    private static final String TALKER = "com.acme.talker";
    private static final String LISTENER = "com.acme.listener";

    @TempDir
    Path dir;

    /** Says {@code word} on the topic {@code state} so many times at each value of the speed, and once at its start. */
    private static byte[] talker(String word, int times) {
        return TestVehicle.wat("""
            (module
              (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
              (import "hal" "signal_subscribe" (func $sub (param i32 i32 i32 f64 i32) (result i32)))
              (import "app" "msg_publish" (func $publish (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "Vehicle.Speed")
              (data (i32.const 48) "state")
              (data (i32.const 64) "%s")
              (func $say (result i32) (call $publish (i32.const 48) (i32.const 5) (i32.const 64) (i32.const %d)))
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func (export "on_start") (result i32)
                (drop (call $sub (call $open (i32.const 16) (i32.const 13) (i32.const 1))
                  (i32.const 0) (i32.const 0) (f64.const 0) (i32.const 0)))
                (call $say))
              (func (export "on_event") (param i32 i32) (result i32) (local $n i32)
                (local.set $n (i32.const %d))
                (loop $more
                  (drop (call $say))
                  (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (i32.const 0)))
            """.formatted(word, word.length(), times));
    }

    /** Logs what it hears; one that is deaf leaves it where it waits. Traps at the word {@code trap}. */
    private static byte[] listener(boolean deaf) {
        return TestVehicle.wat("""
            (module
              (import "app" "msg_subscribe" (func $sub (param i32 i32) (result i32)))
              (import "app" "msg_recv" (func $recv (param i32 i32) (result i32)))
              (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "state/#")
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func (export "on_start") (result i32) (call $sub (i32.const 16) (i32.const 7)))
              (func (export "on_event") (param i32 i32) (result i32)
                (if (i32.const %d) (then (return (i32.const 0))))
                (loop $more
                  (if (i32.gt_s (call $recv (i32.const 64) (i32.const 512)) (i32.const 0))
                    (then
                      (drop (call $log (i32.const 2) (i32.const 77) (i32.load (i32.const 68))))
                      (if (i32.eq (i32.load (i32.const 77)) (i32.const 0x70617274)) (then unreachable))
                      (br $more))))
                (i32.const 0)))
            """.formatted(deaf ? 1 : 0));
    }

    private static String manifest(String app, int release, String... grants) {
        return AgentStoryTest.manifest(app, release + ".0.0", release, AgentStoryTest.grants(grants));
    }

    private static void talks(TestVehicle vehicle, int release, String word, int times) {
        vehicle.install(
                manifest(TALKER, release, "signal Vehicle.Speed read", "message state publish"), talker(word, times));
        vehicle.world.run(3_000);
    }

    private static void listens(TestVehicle vehicle, boolean deaf) {
        vehicle.install(manifest(LISTENER, 1, "message state/# subscribe"), listener(deaf));
        vehicle.world.run(3_000);
    }

    private static long heard(TestVehicle vehicle, String word) {
        return vehicle.log(LISTENER).stream().filter(word::equals).count();
    }

    @Test
    void aListenerThatComesLaterOrComesBackHearsTheLastWordAndNoneOfAnAppThatIsGone() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            talks(vehicle, 1, "open", 1);
            listens(vehicle, false);
            assertEquals(1, heard(vehicle, "open"), vehicle.log(LISTENER)::toString);
            vehicle.agent
                    .orchestrator()
                    .apply(LISTENER, new SupervisorEvent.Operator(SupervisorEvent.Verb.RESTART, "test"));
            vehicle.world.run(1_000);
            assertEquals(2, heard(vehicle, "open"), "again, after a restart");
            talks(vehicle, 2, "shut", 1);
            assertEquals(1, heard(vehicle, "shut"));
            vehicle.agent.installer().uninstall("away", TALKER);
            vehicle.world.run(3_000);
            vehicle.agent
                    .orchestrator()
                    .apply(LISTENER, new SupervisorEvent.Operator(SupervisorEvent.Verb.RESTART, "test"));
            vehicle.world.run(1_000);
            assertEquals(1, heard(vehicle, "shut"));
        }
    }

    @Test
    void aListenerThatTrapsAtAMessageIsHealedAndNobodyElseNotices() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            listens(vehicle, false);
            talks(vehicle, 1, "trap", 1);
            assertEquals("QUARANTINED", vehicle.phase(LISTENER), "the last word comes after each restart");
            assertEquals("RUNNING", vehicle.phase(TALKER));
            talks(vehicle, 2, "calm", 1);
            vehicle.agent
                    .orchestrator()
                    .apply(LISTENER, new SupervisorEvent.Operator(SupervisorEvent.Verb.START, "test"));
            vehicle.world.run(1_000);
            assertEquals("RUNNING", vehicle.phase(LISTENER));
            assertEquals(1, heard(vehicle, "calm"));
        }
    }

    @Test
    void whatAListenerLosesIsCountedWhereOperatorsLook() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            listens(vehicle, true);
            talks(vehicle, 1, "more", 100);
            for (int i = 1; i <= 4; i++) {
                vehicle.publish("Vehicle.Speed", i);
                vehicle.world.run(1_000);
            }
            CompartmentView view = vehicle.app(LISTENER).compartment().orElseThrow();
            assertEquals(256, view.messagesWaiting());
            assertEquals(401 - 256, view.messagesDropped());
            assertEquals(view.messagesDropped(), view.dropped());
            assertTrue(new String(MetricsPage.page(new AgentMetrics(vehicle.agent)), StandardCharsets.UTF_8)
                    .contains("bulkhead_app_messages_dropped_total{app=\"com.acme.listener\"} 145.0"));
        }
    }
}
