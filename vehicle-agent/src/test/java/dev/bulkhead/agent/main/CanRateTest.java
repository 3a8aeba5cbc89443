package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rate holds for all frames of a grant together. */
class CanRateTest {
    /** Sends one frame with each of 64 identifiers through each of two handles, within its CPU quota. */
    private static final String ROTATES = """
            (module
              (import "hal" "can_open" (func $can (param i32 i32 i32) (result i32)))
              (import "hal" "can_send" (func $send (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "can0")
              (func (export "alloc") (param i32) (result i32) (i32.const 4096))
              (func $all (param $bus i32) (local $id i32)
                (local.set $id (i32.const 0x100))
                (loop $next
                  (i32.store (i32.const 1032) (local.get $id))
                  (i32.store8 (i32.const 1036) (i32.const 1))
                  (drop (call $send (local.get $bus) (i32.const 1024) (i32.const 1)))
                  (local.set $id (i32.add (local.get $id) (i32.const 1)))
                  (br_if $next (i32.lt_u (local.get $id) (i32.const 0x140)))))
              (func (export "on_start") (result i32)
                (call $all (call $can (i32.const 16) (i32.const 4) (i32.const 2)))
                (call $all (call $can (i32.const 16) (i32.const 4) (i32.const 2)))
                (i32.const 0))
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
            """;

    @TempDir
    Path dir;

    @Test
    void neitherAnotherIdentifierNorAnotherHandleBringsANewBurst() {
        try (TestVehicle vehicle = new TestVehicle(dir);
                CanPort ear = vehicle.recorder.bus.open(List.of(CanFilter.ANY_DATA), 1_024, () -> {})) {
            String grants = AgentStoryTest.grants("can can0 tx 100-1FF rate<=10fps");
            vehicle.install(AgentStoryTest.manifest("com.acme.rotate", "1.0.0", 1, grants), TestVehicle.wat(ROTATES));
            vehicle.world.run(500);
            assertEquals(10, ear.waiting());
        }
    }
}
