package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.NotDurableException;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.proto.AuditEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that turns read only under the agent, as the kernel makes it after an error: an ext4 of its own that is told so. Running apps keep
 * running, installs and orders are refused, actuation stops. Needs the right to mount one; {@code SqliteFileTest} shows the stores without.
 */
class ReadOnlyDiskTest {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String APP = "com.acme.fan";
    private static final long IMAGE_BYTES = 256L << 20;

    @TempDir
    Path dir;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(dir.resolve("disk"));
        Path image = dir.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE_BYTES);
        }
        assumeTrue(
                run("mkfs.ext4", "-q", "-F", image.toString()) && mounted(),
                "an ext4 cannot be made and mounted here (needs root, CAP_SYS_ADMIN, loop devices and mkfs.ext4)");
    }

    private boolean mounted() throws Exception {
        return run("mount", "-o", "loop", dir.resolve("image").toString(), disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static String fan(int release) {
        return AgentStoryTest.manifest(APP, release + ".0.0", release, AgentStoryTest.FAN_GRANTS);
    }

    private static void drive(TestVehicle vehicle, double speed) {
        vehicle.publish("Vehicle.Speed", speed);
        vehicle.world.run(2_000);
    }

    private static String version(TestVehicle vehicle) {
        return vehicle.app(APP).slot().active().orElseThrow().release().version();
    }

    @Test
    void runningAppsGoOnWhatIsAskedIsRefusedAndActuationStopsUntilTheDiskIsBack() throws Exception {
        LoopWorld world = new LoopWorld();
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(disk);
        Path update = Files.write(
                dir.resolve("update"), vendors.packed(fan(2), TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED)));
        try (TestVehicle vehicle = new TestVehicle(disk, world, vendors, TestVehicle.POLICY)) {
            vehicle.install(fan(1), TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED));
            vehicle.world.run(3_000);
            drive(vehicle, 80);
            assertEquals("20", vehicle.recorder.values.get(FAN));
            assertTrue(run("mount", "-o", "remount,abort", disk.toString()), "the disk is read only");

            drive(vehicle, 40);
            drive(vehicle, 100);
            assertEquals("10", vehicle.recorder.values.get(FAN), "nothing is actuated that cannot be recorded");
            long events = vehicle.app(APP).compartment().orElseThrow().events();
            drive(vehicle, 60);
            assertEquals("RUNNING", vehicle.phase(APP));
            assertTrue(vehicle.app(APP).compartment().orElseThrow().events() > events, "it gets its events");
            assertInstanceOf(
                    dev.bulkhead.security.audit.AuditCondition.Failing.class,
                    vehicle.agent.auditLog().condition());

            var refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    vehicle.agent.installer().install(InstallOrder.sideload("read only"), update));
            assertEquals("storage", refused.reason(), refused.detail());
            var orchestrator = vehicle.agent.orchestrator();
            var stop = new SupervisorEvent.Operator(SupervisorEvent.Verb.STOP, "test");
            NotDurableException told = assertThrows(NotDurableException.class, () -> orchestrator.apply(APP, stop));
            assertTrue(told.toString().contains("cannot be written down"), told.toString());
            assertThrows(NotDurableException.class, () -> orchestrator.configure(APP, Map.of("level", "loud"), "test"));
            assertEquals(Map.of(), orchestrator.configuration(APP));
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals("1.0.0", version(vehicle));
        }
        assertTrue(run("umount", disk.toString()), "the agent let go of the disk");
        assertTrue(mounted());
        try (TestVehicle vehicle = new TestVehicle(disk, world, vendors, TestVehicle.POLICY)) {
            vehicle.world.run(1_000);
            assertEquals("RUNNING", vehicle.phase(APP), "what was acknowledged is there");
            drive(vehicle, 60);
            assertEquals("15", vehicle.recorder.values.get(FAN));
            assertInstanceOf(
                    InstallReceipt.Accepted.class,
                    vehicle.agent.installer().install(InstallOrder.sideload("again"), update));
            vehicle.world.run(5_000);
            assertEquals("2.0.0", version(vehicle));
            List<AuditEntry> audit = vehicle.audit();
            assertTrue(audit.stream().filter(AuditEntry::hasActuated).count() > 1, "the log goes on");
        }
    }
}
