package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.proto.AuditEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that really fills up under the agent: a small file system of its own. Running apps keep running, installs are refused, actuation
 * stops while the audit log still takes entries. Needs the right to mount one; {@code SqliteFileTest} shows the stores without.
 */
class FullDiskTest {
    private static final String DIARY = "com.acme.diary";
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private MountedDisk disk;

    @BeforeEach
    void mount() throws Exception {
        disk = MountedDisk.small(dir, "96m");
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            disk.unmount();
        }
    }

    /** Writes one entry of a kilobyte at each change of the speed; logs each status that is not OK. */
    private static final byte[] DIARY_WASM = TestVehicle.wat("""
        (module
          (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
          (import "hal" "signal_subscribe" (func $sub (param i32 i32 i32 f64 i32) (result i32)))
          (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
          (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "Vehicle.Speed")
          (data (i32.const 64) "written")
          (data (i32.const 80) "no room")
          (func (export "alloc") (param i32) (result i32) (i32.const 8192))
          (func (export "on_start") (result i32)
            (call $sub (call $open (i32.const 16) (i32.const 13) (i32.const 1)) (i32.const 0) (i32.const 0) (f64.const 0) (i32.const 0)))
          (func (export "on_event") (param $p i32) (param i32) (result i32)
            (f64.store (i32.const 1024) (f64.load offset=16 (local.get $p)))
            (if (i32.eqz (call $put (i32.const 16) (i32.const 13) (i32.const 1024) (i32.const 1024)))
              (then (drop (call $log (i32.const 2) (i32.const 64) (i32.const 7))))
              (else (drop (call $log (i32.const 2) (i32.const 80) (i32.const 7)))))
            (i32.const 0)))
        """);

    private static String diary() {
        return AgentStoryTest.manifest(
                DIARY, "1.0.0", 1, AgentStoryTest.grants("signal Vehicle.Speed read", "storage 64KiB"));
    }

    private static void fill(Path ballast, long bytes) throws IOException {
        byte[] chunk = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (long done = 0; done < bytes; done += chunk.length) {
                out.write(chunk);
            }
        } catch (IOException full) {
            assertTrue(bytes == Long.MAX_VALUE, full::toString);
        }
    }

    @Test
    void runningAppsGoOnInstallsAreRefusedAndActuationStopsBeforeTheAuditLogDoes() throws IOException {
        try (TestVehicle vehicle = new TestVehicle(disk.path())) {
            vehicle.install(FanApp.manifest(1), FanApp.MODULE);
            vehicle.install(diary(), DIARY_WASM);
            vehicle.world.run(3_000);
            FanApp.drive(vehicle, 80);
            assertEquals("20", vehicle.recorder.values.get(FanApp.SIGNAL));
            byte[] next = Files.readAllBytes(vehicle.pack(FanApp.manifest(2), FanApp.MODULE));
            Path update = Files.write(dir.resolve("update"), next);

            Path low = disk.path().resolve("ballast-1");
            fill(low, 48L * MIB);
            long written = vehicle.agent.auditLog().durableSize();
            FanApp.drive(vehicle, 40);
            FanApp.drive(vehicle, 100);
            assertEquals(
                    "10",
                    vehicle.recorder.values.get(FanApp.SIGNAL),
                    "less than 64 MiB are free: nothing is actuated any more");
            assertTrue(vehicle.agent.auditLog().durableSize() > written, "and the log still says so");

            Path rest = disk.path().resolve("ballast-2");
            fill(rest, Long.MAX_VALUE);
            for (int i = 0; i < 20; i++) {
                FanApp.drive(vehicle, 40 + i);
            }
            assertEquals("RUNNING", vehicle.phase(FanApp.ID));
            assertEquals("RUNNING", vehicle.phase(DIARY));
            assertTrue(vehicle.log(DIARY).contains("no room"), vehicle.log(DIARY)::toString);
            assertTrue(
                    vehicle.log(DIARY).stream().anyMatch(line -> line.contains("key-value data is out of reach")),
                    vehicle.log(DIARY)::toString);
            var refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    vehicle.agent
                            .installer()
                            .install(dev.bulkhead.agent.lifecycle.InstallOrder.sideload("full"), update));
            assertEquals("storage", refused.reason(), refused.detail());
            assertEquals("1.0.0", FanApp.version(vehicle));

            Files.delete(low);
            Files.delete(rest);
            vehicle.world.run(1_000);
            FanApp.drive(vehicle, 60);
            assertEquals("15", vehicle.recorder.values.get(FanApp.SIGNAL), "with room again everything is as before");
            assertEquals("written", vehicle.log(DIARY).getLast());
            assertInstanceOf(
                    InstallReceipt.Accepted.class,
                    vehicle.agent
                            .installer()
                            .install(dev.bulkhead.agent.lifecycle.InstallOrder.sideload("room"), update));
            vehicle.world.run(5_000);
            assertEquals("2.0.0", FanApp.version(vehicle));
            assertTrue(
                    vehicle.audit().stream()
                            .filter(AuditEntry::hasActuated)
                            .anyMatch(entry -> entry.getActuated().getStatus() == Status.NOSPC.code()),
                    "what was refused meanwhile is in the log");
        }
    }
}
