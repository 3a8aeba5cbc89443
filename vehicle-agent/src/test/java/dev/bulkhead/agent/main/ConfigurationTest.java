package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sets for an app reaches it at once, over restarts and swaps, and is gone with it. */
class ConfigurationTest {
    private static final String APP = "com.acme.listener";

    @TempDir
    Path dir;

    /** Logs the value of {@code level} at its start and whenever it is told that something changed. */
    private static final byte[] LISTENER = TestVehicle.wat("""
        (module
          (import "app" "config_get" (func $config (param i32 i32 i32 i32) (result i32)))
          (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "level")
          (func $say (local $n i32)
            (local.set $n (call $config (i32.const 16) (i32.const 5) (i32.const 64) (i32.const 64)))
            (if (i32.gt_s (local.get $n) (i32.const 0))
              (then (drop (call $log (i32.const 2) (i32.const 64) (local.get $n))))
              (else (drop (call $log (i32.const 2) (i32.const 16) (i32.const 5))))))
          (func (export "alloc") (param i32) (result i32) (i32.const 4096))
          (func (export "on_start") (result i32) (call $say) (i32.const 0))
          (func (export "on_event") (param $p i32) (param i32) (result i32)
            (if (i32.eq (i32.load16_u (local.get $p)) (i32.const 5)) (then (call $say)))
            (i32.const 0)))
        """);

    private static void set(TestVehicle vehicle, String value) {
        assertTrue(vehicle.agent.orchestrator().configure(APP, Map.of("level", value), "test"));
        vehicle.world.run(50);
    }

    private static String heard(TestVehicle vehicle) {
        return vehicle.log(APP).stream()
                .filter(line -> !line.contains("->") && !line.contains(" set "))
                .reduce((first, second) -> second)
                .orElse("");
    }

    private static void install(TestVehicle vehicle, int release) {
        vehicle.install(AgentStoryTest.manifest(APP, release + ".0.0", release, "swap = \"handover\"\n"), LISTENER);
        vehicle.world.run(4_000);
    }

    @Test
    void reachesTheAppAtOnceOverSwapsAndRestartsAndGoesWithIt() {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            install(vehicle, 1);
            assertEquals("level", heard(vehicle), "nothing is set");
            set(vehicle, "loud");
            assertEquals("loud", heard(vehicle));
            install(vehicle, 2);
            assertEquals("(shadow) loud", heard(vehicle));
        }
        try (TestVehicle vehicle = new TestVehicle(dir, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertEquals("loud", heard(vehicle));
            set(vehicle, "");
            assertEquals("level", heard(vehicle), "an empty value unsets");
            set(vehicle, "soft");
            vehicle.agent.installer().uninstall("away", APP);
            vehicle.world.run(3_000);
            assertEquals(Map.of(), vehicle.agent.orchestrator().configuration(APP));
            assertFalse(vehicle.agent.orchestrator().configure(APP, Map.of("level", "x"), "test"));
        }
    }

    @Test
    void whatIsTooLongOrTooMuchIsRefusedWhole() {
        try (TestVehicle vehicle = new TestVehicle(dir)) {
            install(vehicle, 1);
            set(vehicle, "loud");
            Map<String, String> many = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                many.put("key-" + i, "value");
            }
            var orchestrator = vehicle.agent.orchestrator();
            assertThrows(IllegalArgumentException.class, () -> orchestrator.configure(APP, many, "test"));
            for (String key : new String[] {"", "two words", "a=b", "k".repeat(129)}) {
                assertThrows(
                        IllegalArgumentException.class, () -> orchestrator.configure(APP, Map.of(key, "x"), "test"));
            }
            String long4097 = "v".repeat(4_097);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> orchestrator.configure(APP, Map.of("level", long4097), "test"));
            assertEquals(Map.of("level", "loud"), orchestrator.configuration(APP));
        }
    }
}
