package dev.bulkhead.agent.main;

import static dev.bulkhead.agent.main.HostileModule.onStart;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.AuditEntry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that a module chooses end in messages, in logs and in the audit log: they must fill none of them, keep nothing out of them, and command no terminal. */
final class HostileNamesTest {
    private static final String APP = "com.acme.names";
    private static final int LONGEST_CAUSE = 1_100;

    @TempDir
    Path dir;

    private TestVehicle vehicle;

    @BeforeEach
    void open() {
        vehicle = new TestVehicle(dir);
    }

    @AfterEach
    void close() {
        vehicle.close();
    }

    private void run(HostileModule module) {
        String grants = AgentStoryTest.grants(
                "signal ** read",
                "signal Vehicle.Cabin.** actuate range=0..50 priority=1 failsafe=0",
                "can can0 tx 100-10F",
                "storage 64KiB",
                "message topic publish",
                "message # subscribe");
        vehicle.install(AgentStoryTest.manifest(APP, "1.0.0", 1, grants), module.bytes());
        vehicle.world.run(5_000);
    }

    private static HostileModule trapsIn(String exported) {
        return onStart("(call $deep)").with("(func $deep (export \"" + exported + "\") unreachable)");
    }

    private List<AuditEntry> entries() {
        return vehicle.audit().stream()
                .filter(entry -> entry.getAppId().equals(APP))
                .toList();
    }

    private void assertWalledOffAndToldIn(String words) {
        assertEquals("QUARANTINED", vehicle.phase(APP));
        String why = entries().stream()
                .filter(AuditEntry::hasStopped)
                .toList()
                .getLast()
                .getStopped()
                .getWhy();
        assertTrue(why.contains(words), why);
        assertTrue(why.length() <= LONGEST_CAUSE, "a cause of " + why.length() + " characters");
        vehicle.log(APP)
                .forEach(line -> assertTrue(line.length() <= LONGEST_CAUSE + 100, "a line of " + line.length()));
        assertEquals(List.of(), vehicle.faults);
    }

    @Test
    void aFunctionOfALongNameThatTrapsIsInTheAuditLog() {
        run(trapsIn("x".repeat(100_000)));
        assertWalledOffAndToldIn("xxx… (100000 characters)");
    }

    @Test
    void anImportOfALongNameIsRefusedInTheAuditLog() {
        run(onStart("").importing("(import \"hal\" \"" + "x".repeat(300_000) + "\" (func))"));
        assertWalledOffAndToldIn("xxx… (300000 characters)");
    }

    @Test
    void whatANameWouldDoToATerminalIsShown() {
        run(trapsIn("\\1b[31mevil\\0aline"));
        assertWalledOffAndToldIn("\uFFFD[31mevil\uFFFDline");
        vehicle.log(APP).forEach(line -> assertFalse(line.contains("\u001B"), line));
    }

    @Test
    void oneImportManyTimesOverIsDeclaredOnce() {
        run(onStart("").importing("(import \"hal\" \"signal_close\" (func (param i32) (result i32)))".repeat(6_500)));
        AuditEntry.Declared declared = entries().stream()
                .filter(AuditEntry::hasDeclared)
                .toList()
                .getLast()
                .getDeclared();
        assertEquals(
                1,
                declared.getImportsList().stream()
                        .filter("hal.signal_close"::equals)
                        .count());
        assertEquals(List.of(), vehicle.faults);
    }
}
