package dev.bulkhead.server.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.server.campaign.AssignmentOrder.Wanted;
import dev.bulkhead.server.store.BlobRow;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Assignments that vehicles take over as one. */
final class TogetherTest {
    private static final String LEFT = "com.acme.left";
    private static final String RIGHT = "com.acme.right";
    private static final String CAR = "car-1";

    private Instant now = Instant.ofEpochSecond(1_000_000);
    private Database database;
    private Assignments assignments;
    private final List<String> signed = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path folder) {
        database = Database.open(folder.resolve("fleet.db"));
        assignments = new Assignments(
                database,
                (tx, vehicle) -> signed.add(vehicle),
                (vehicle, why) -> {},
                new Changes(),
                () -> now,
                new Random(1));
        database.write(tx -> {
            tx.vehicles().seen(CAR, 1);
            for (int counter = 1; counter <= 3; counter++) {
                for (String app : List.of(LEFT, RIGHT)) {
                    String sha256 = Integer.toHexString(app.equals(LEFT) ? counter : counter + 8)
                            .repeat(64);
                    tx.releases().addBlob(new BlobRow(sha256, 1, 1024, new byte[32]));
                    tx.releases().add(release(app, counter, sha256));
                }
            }
            return true;
        });
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static ReleaseRow release(String app, int counter, String sha256) {
        String version = counter + ".0.0";
        return new ReleaseRow(
                app, version, counter, "acme", app + "/" + version, sha256, 1, 1024, sha256, "hw", sha256, true, 1);
    }

    private static Wanted wanted(String app, int release) {
        return new Wanted(app, Optional.of(release + ".0.0"));
    }

    private AssignmentStatus together(String id, int release, List<String> vehicles) {
        now = now.plusSeconds(1);
        AssignmentOutcome outcome = assignments.assign(
                new AssignmentOrder(Optional.of(id), List.of(wanted(LEFT, release), wanted(RIGHT, release)), vehicles));
        String first = assertInstanceOf(AssignmentOutcome.Assigned.class, outcome)
                .assignment()
                .id();
        assertEquals(id, first);
        return assignments.status(first).orElseThrow();
    }

    private void alone(String id, String app, int release, List<String> vehicles) {
        now = now.plusSeconds(1);
        assertInstanceOf(
                AssignmentOutcome.Assigned.class,
                assignments.assign(new AssignmentOrder(Optional.of(id), List.of(wanted(app, release)), vehicles)));
    }

    private List<String> desired(String vehicle) {
        return database.read(tx -> tx.assignments().desired(vehicle)).stream()
                .map(row -> row.appId() + " " + row.version())
                .toList();
    }

    private Map<String, String> carried(String vehicle) {
        return database.read(tx -> tx.assignments().together(vehicle));
    }

    private String state(String assignment) {
        return database.read(tx -> tx.assignments().action(assignment, CAR))
                .orElseThrow()
                .state();
    }

    private String companion(AssignmentStatus status) {
        return status.companions().getFirst().id();
    }

    private void says(String assignment, ActionState state) {
        assertTrue(assignments.report(CAR, new ProgressReport(assignment, state, 0, 0, "", "")));
    }

    @Test
    void shareAnEnsembleAndKnowEachOther() {
        AssignmentStatus first = together("e1", 1, List.of(CAR));
        String other = companion(first);
        assertEquals(List.of(LEFT + " 1.0.0", RIGHT + " 1.0.0"), desired(CAR));
        assertEquals(Map.of("e1", "e1", other, "e1"), carried(CAR));
        assertEquals("e1", companion(assignments.status(other).orElseThrow()));
    }

    @Test
    void costOneSignatureForEachVehicleAndChange() {
        database.write(tx -> tx.vehicles().seen("car-2", 1));
        together("e1", 1, List.of(CAR, "car-2"));
        assertEquals(List.of(CAR, "car-2"), signed);
        together("e2", 1, List.of());
        signed.clear();
        database.write(tx -> {
            tx.vehicles().seen("car-late", 1);
            return assignments.inherit(tx, "car-late");
        });
        assertEquals(List.of("car-late"), signed);
        database.write(tx -> assignments.inherit(tx, "car-late"));
        assertEquals(List.of("car-late"), signed, "nothing new, nothing signed");
    }

    @Test
    void areMadeAllOrNone() {
        AssignmentOutcome outcome = assignments.assign(
                new AssignmentOrder(Optional.of("e1"), List.of(wanted(LEFT, 1), wanted(RIGHT, 9)), List.of(CAR)));
        var refused = assertInstanceOf(AssignmentOutcome.Refused.class, outcome);
        assertEquals(AssignmentOutcome.Reason.UNKNOWN_RELEASE, refused.reason());
        assertTrue(refused.detail().contains(RIGHT + " has no published version 9.0.0"), refused.detail());
        assertEquals(List.of(), desired(CAR));
        assertEquals(Optional.empty(), assignments.status("e1"));
    }

    @Test
    void askingTwiceDoesItOnceAndAskingForOtherCompanionsIsRefused() {
        AssignmentStatus first = together("e1", 1, List.of(CAR));
        assertEquals(companion(first), companion(together("e1", 1, List.of(CAR))));
        assertEquals(2, assignments.newest(10).size());
        var refused = assertInstanceOf(
                AssignmentOutcome.Refused.class,
                assignments.assign(new AssignmentOrder(Optional.of("e1"), List.of(wanted(LEFT, 1)), List.of(CAR))));
        assertEquals(AssignmentOutcome.Reason.ID_TAKEN, refused.reason());
        assertTrue(refused.detail().contains(RIGHT + " 1.0.0"), refused.detail());
    }

    @Test
    void supersedingOneSupersedesItsCompanions() {
        AssignmentStatus first = together("e1", 1, List.of(CAR));
        alone("a2", LEFT, 2, List.of(CAR));
        assertEquals("superseded", state("e1"));
        assertEquals("superseded", state(companion(first)));
        assertEquals(List.of(LEFT + " 2.0.0"), desired(CAR), "the other one does not come in alone");
        assertEquals(Map.of(), carried(CAR));
    }

    @Test
    void oneThatTheVehicleHasTakenOverStaysButIsNoLongerTied() {
        AssignmentStatus first = together("e1", 1, List.of(CAR));
        says("e1", ActionState.SUCCEEDED);
        says(companion(first), ActionState.SUCCEEDED);
        alone("a2", LEFT, 2, List.of(CAR));
        assertEquals("succeeded", state(companion(first)));
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 1.0.0"), desired(CAR));
        assertEquals(Map.of(), carried(CAR));
    }

    @Test
    void aNewEnsembleOfTheSameAppsReplacesTheOldOne() {
        AssignmentStatus first = together("e1", 1, List.of(CAR));
        AssignmentStatus second = together("e2", 2, List.of(CAR));
        assertEquals("superseded", state(companion(first)));
        assertEquals(Map.of("e2", "e2", companion(second), "e2"), carried(CAR));
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 2.0.0"), desired(CAR));
    }

    @Test
    void aMemberThatWasSupersededDoesNotComeBackWithoutTheOthers() {
        together("e1", 1, List.of(CAR));
        alone("a2", LEFT, 2, List.of(CAR));
        database.write(tx -> {
            assignments.withdraw(
                    tx,
                    List.of(tx.assignments().find("a2").orElseThrow()),
                    CAR,
                    Map.of(LEFT, new DesiredRow(CAR, LEFT, "1.0.0", "e1")));
            return true;
        });
        assertEquals(List.of(), desired(CAR));
    }

    @Test
    void aVehicleThatJoinsInheritsAllOfThemOrNone() {
        together("e1", 1, List.of());
        database.write(tx -> {
            tx.vehicles().seen("car-late", 1);
            tx.vehicles().seen("car-own", 1);
            return assignments.inherit(tx, "car-late");
        });
        assertEquals(List.of(LEFT + " 1.0.0", RIGHT + " 1.0.0"), desired("car-late"));
        assertEquals(2, carried("car-late").size());
        alone("own", LEFT, 2, List.of("car-own"));
        database.write(tx -> assignments.inherit(tx, "car-own"));
        assertEquals(List.of(LEFT + " 2.0.0"), desired("car-own"));
    }

    @Test
    void anOrderNamesEachAppOnceAndSixteenAtMost() {
        List<Wanted> twice = List.of(wanted(LEFT, 1), wanted(LEFT, 2));
        assertThrows(IllegalArgumentException.class, () -> new AssignmentOrder(Optional.empty(), twice, List.of(CAR)));
        List<Wanted> many = IntStream.range(0, 17)
                .mapToObj(i -> wanted("com.acme.app" + i, 1))
                .toList();
        var refused = assertThrows(
                IllegalArgumentException.class, () -> new AssignmentOrder(Optional.empty(), many, List.of(CAR)));
        assertEquals("17 apps; 1 to 16 can be assigned as one", refused.getMessage());
    }
}
