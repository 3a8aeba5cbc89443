package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.NotDurableException;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.proto.AuditEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that turns read only under the agent, as the kernel makes it after an error: an ext4 of its own that is told so. Running apps keep
 * running, installs and orders are refused, actuation stops. Needs the right to mount one; {@code SqliteFileTest} shows the stores without.
 */
class ReadOnlyDiskTest {
    @TempDir
    Path dir;

    private MountedDisk disk;

    @BeforeEach
    void mount() throws Exception {
        disk = MountedDisk.ext4(dir);
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            disk.unmount();
        }
    }

    @Test
    void runningAppsGoOnWhatIsAskedIsRefusedAndActuationStopsUntilTheDiskIsBack() throws Exception {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(disk.path());
        Path update = Files.write(dir.resolve("update"), vendors.packed(FanApp.manifest(2), FanApp.MODULE));
        try (TestVehicle vehicle = new TestVehicle(disk.path(), world, vendors, TestVehicle.POLICY)) {
            vehicle.install(FanApp.manifest(1), FanApp.MODULE);
            vehicle.world.run(3_000);
            FanApp.drive(vehicle, 80);
            assertEquals("20", vehicle.recorder.values.get(FanApp.SIGNAL));
            assertTrue(disk.turnReadOnly(), "the disk is read only");

            FanApp.drive(vehicle, 40);
            FanApp.drive(vehicle, 100);
            assertEquals(
                    "10", vehicle.recorder.values.get(FanApp.SIGNAL), "nothing is actuated that cannot be recorded");
            long events = vehicle.app(FanApp.ID).compartment().orElseThrow().events();
            FanApp.drive(vehicle, 60);
            assertEquals("RUNNING", vehicle.phase(FanApp.ID));
            assertTrue(vehicle.app(FanApp.ID).compartment().orElseThrow().events() > events, "it gets its events");
            assertInstanceOf(
                    dev.bulkhead.security.audit.AuditCondition.Failing.class,
                    vehicle.agent.auditLog().condition());

            var refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    vehicle.agent.installer().install(InstallOrder.sideload("read only"), update));
            assertEquals("storage", refused.reason(), refused.detail());
            var orchestrator = vehicle.agent.orchestrator();
            var stop = new SupervisorEvent.Operator(SupervisorEvent.Verb.STOP, "test");
            NotDurableException told =
                    assertThrows(NotDurableException.class, () -> orchestrator.apply(FanApp.ID, stop));
            assertTrue(told.toString().contains("cannot be written down"), told.toString());
            assertThrows(
                    NotDurableException.class,
                    () -> orchestrator.configure(FanApp.ID, Map.of("level", "loud"), "test"));
            assertEquals(Map.of(), orchestrator.configuration(FanApp.ID));
            assertEquals("RUNNING", vehicle.phase(FanApp.ID));
            assertEquals("1.0.0", FanApp.version(vehicle));
        }
        assertTrue(disk.unmount(), "the agent let go of the disk");
        assertTrue(disk.mount());
        try (TestVehicle vehicle = new TestVehicle(disk.path(), world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertEquals("RUNNING", vehicle.phase(FanApp.ID), "what was acknowledged is there");
            FanApp.drive(vehicle, 60);
            assertEquals("15", vehicle.recorder.values.get(FanApp.SIGNAL));
            assertInstanceOf(
                    InstallReceipt.Accepted.class,
                    vehicle.agent.installer().install(InstallOrder.sideload("again"), update));
            vehicle.world.run(5_000);
            assertEquals("2.0.0", FanApp.version(vehicle));
            List<AuditEntry> audit = vehicle.audit();
            assertTrue(audit.stream().filter(AuditEntry::hasActuated).count() > 1, "the log goes on");
        }
    }
}
