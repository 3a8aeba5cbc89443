package dev.bulkhead.server.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.server.campaign.RolloutOrder.Member;
import dev.bulkhead.server.campaign.RolloutPlan.OnError;
import dev.bulkhead.server.store.AssignmentRow;
import dev.bulkhead.server.store.BlobRow;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.ReleaseRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts of several apps that vehicles take over as one. */
final class RolloutsTogetherTest {
    private static final String LEFT = "com.acme.left";
    private static final String RIGHT = "com.acme.right";
    private static final String FIRST = "car-0";
    private static final String SECOND = "car-1";

    private final List<String> signed = new ArrayList<>();
    private Instant now = Instant.ofEpochSecond(1_000_000);
    private Database database;
    private Assignments assignments;
    private Rollouts rollouts;

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
        rollouts = new Rollouts(database, assignments, () -> now);
        database.write(tx -> {
            for (String car : List.of(FIRST, SECOND)) {
                tx.vehicles().seen(car, 1);
                tx.vehicles().setHello(car, "1", Map.of("ring", car.equals(FIRST) ? "test" : "all"));
            }
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

    private static Member member(String app, int release, String fallback) {
        return new Member(
                app, Optional.of(release + ".0.0"), Optional.of(fallback).filter(text -> !text.isEmpty()));
    }

    private static RolloutOrder order(Member... members) {
        RolloutPlan plan = new RolloutPlan(
                Map.of(),
                List.of(new RolloutGroup.Matching(Map.of("ring", "test")), new RolloutGroup.Matching(Map.of())),
                100,
                0,
                1,
                Duration.ZERO,
                OnError.ROLL_BACK);
        return new RolloutOrder(Optional.of("r1"), List.of(members), plan);
    }

    private RolloutStatus begin(Member... members) {
        return assertInstanceOf(RolloutOutcome.Begun.class, rollouts.begin(order(members)))
                .status();
    }

    private RolloutStatus begin(String fallback) {
        return begin(member(LEFT, 2, fallback), member(RIGHT, 2, fallback));
    }

    private RolloutOutcome.Refused refused(Member... members) {
        return assertInstanceOf(RolloutOutcome.Refused.class, rollouts.begin(order(members)));
    }

    private RolloutStatus status() {
        return rollouts.status("r1").orElseThrow();
    }

    private String right() {
        return status().companions().getFirst().id();
    }

    private void says(String vehicle, String assignment, ActionState state) {
        assertTrue(assignments.report(vehicle, new ProgressReport(assignment, state, 0, 0, "", "")));
        rollouts.advance();
        rollouts.advance();
    }

    private void both(String vehicle, ActionState state) {
        says(vehicle, "r1", state);
        says(vehicle, right(), state);
    }

    private List<String> desired(String vehicle) {
        return database.read(tx -> tx.assignments().desired(vehicle)).stream()
                .map(row -> row.appId() + " " + row.version())
                .toList();
    }

    private Set<String> ensembles(String vehicle) {
        return Set.copyOf(
                database.read(tx -> tx.assignments().together(vehicle)).values());
    }

    private void ran(int release) {
        assignments.assign(new AssignmentOrder(
                Optional.empty(),
                List.of(
                        new AssignmentOrder.Wanted(LEFT, Optional.of(release + ".0.0")),
                        new AssignmentOrder.Wanted(RIGHT, Optional.of(release + ".0.0"))),
                List.of(FIRST, SECOND)));
        for (String car : List.of(FIRST, SECOND)) {
            database.read(tx -> tx.assignments().desired(car))
                    .forEach(row -> assignments.report(
                            car, new ProgressReport(row.assignmentId(), ActionState.SUCCEEDED, 0, 0, "", "")));
        }
        signed.clear();
    }

    @Test
    void goOutGroupAfterGroupEachVehicleWithBothUnderOneSignature() {
        RolloutStatus begun = begin("");
        assertEquals(List.of(FIRST), signed);
        assertEquals(
                List.of(RIGHT),
                begun.companions().stream().map(AssignmentRow::appId).toList());
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 2.0.0"), desired(FIRST));
        assertEquals(Set.of("r1"), ensembles(FIRST));
        assertEquals(List.of(), desired(SECOND));
        says(FIRST, "r1", ActionState.SUCCEEDED);
        assertEquals(new RolloutTally(1, 0, 0), status().groups().getFirst(), "one of two is not the vehicle");
        assertEquals(List.of(), desired(SECOND));
        says(FIRST, right(), ActionState.SUCCEEDED);
        assertEquals(new RolloutTally(1, 1, 0), status().groups().getFirst());
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 2.0.0"), desired(SECOND));
        both(SECOND, ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.COMPLETED, status().phase());
        database.write(tx -> {
            tx.vehicles().seen("car-late", 2);
            return assignments.inherit(tx, "car-late");
        });
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 2.0.0"), desired("car-late"));
        assertEquals(Set.of("r1"), ensembles("car-late"));
    }

    @Test
    void oneThatFailsIsAVehicleThatFailedAndBothGoBackToWhatTheyWere() {
        ran(1);
        begin("");
        says(FIRST, "r1", ActionState.INSTALLING);
        says(FIRST, right(), ActionState.FAILED);
        assertEquals(new RolloutTally(1, 0, 1), status().groups().getFirst());
        assertEquals(RolloutPhase.ROLLING_BACK, status().phase(), "the other one is in the middle of it");
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 2.0.0"), desired(FIRST));
        signed.clear();
        says(FIRST, "r1", ActionState.ROLLED_BACK);
        assertEquals(RolloutPhase.ROLLED_BACK, status().phase());
        assertEquals(List.of(LEFT + " 1.0.0", RIGHT + " 1.0.0"), desired(FIRST));
        assertEquals(List.of(FIRST), signed, "under one signature");
        assertEquals(List.of(LEFT + " 1.0.0", RIGHT + " 1.0.0"), desired(SECOND));
    }

    @Test
    void oneThatWasNotThereBeforeIsTakenAway() {
        assignments.assign(new AssignmentOrder(Optional.of("a1"), LEFT, Optional.of("1.0.0"), List.of(FIRST)));
        begin("");
        both(FIRST, ActionState.ROLLED_BACK);
        assertEquals(RolloutPhase.ROLLED_BACK, status().phase());
        assertEquals(List.of(LEFT + " 1.0.0"), desired(FIRST));
    }

    @Test
    void whoeverRunsBothGetsBothFallbacksAsOne() {
        begin("3.0.0");
        both(FIRST, ActionState.SUCCEEDED);
        both(SECOND, ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.COMPLETED, status().phase());
        rollouts.rollBack("r1");
        rollouts.advance();
        assertEquals(RolloutPhase.ROLLED_BACK, status().phase());
        for (String car : List.of(FIRST, SECOND)) {
            assertEquals(List.of(LEFT + " 3.0.0", RIGHT + " 3.0.0"), desired(car));
            assertEquals(Set.of("r1-fallback"), ensembles(car));
        }
    }

    @Test
    void withoutFallbacksWhoeverRunsBothKeepsThem() {
        begin("");
        both(FIRST, ActionState.SUCCEEDED);
        rollouts.rollBack("r1");
        rollouts.advance();
        assertEquals(List.of(LEFT + " 2.0.0", RIGHT + " 2.0.0"), desired(FIRST));
        assertEquals(List.of(), desired(SECOND));
        assertTrue(status().row().detail().contains("1 vehicles keep the new release"), status().row()::detail);
    }

    @Test
    void anOrderForOneOfThemTakesTheVehicleOutOfIt() {
        begin("");
        assignments.assign(new AssignmentOrder(Optional.of("a3"), RIGHT, Optional.of("3.0.0"), List.of(FIRST)));
        assertEquals(List.of(RIGHT + " 3.0.0"), desired(FIRST));
        assertEquals(new RolloutTally(0, 0, 0), status().groups().getFirst());
        rollouts.rollBack("r1");
        rollouts.advance();
        assertEquals(List.of(RIGHT + " 3.0.0"), desired(FIRST), "that order stands");
    }

    @Test
    void aVehicleThatHasOneOfThemInAHigherReleaseIsLeftOut() {
        assignments.assign(new AssignmentOrder(Optional.of("a3"), RIGHT, Optional.of("3.0.0"), List.of(FIRST)));
        RolloutStatus status = begin("");
        assertEquals(0, status.groups().getFirst().vehicles());
        assertEquals(1, status.groups().getLast().vehicles());
    }

    @Test
    void areRefusedAsAWhole() {
        RolloutOutcome.Refused unknown = refused(member(LEFT, 2, ""), member(RIGHT, 9, ""));
        assertEquals("unknown-release", unknown.reason());
        assertTrue(unknown.detail().contains("9.0.0 of com.acme.right"), unknown.detail());
        RolloutOutcome.Refused fallback = refused(member(LEFT, 2, "3.0.0"), member(RIGHT, 2, "1.0.0"));
        assertEquals("fallback", fallback.reason());
        assertTrue(fallback.detail().contains("release of com.acme.right"), fallback.detail());
        ran(3);
        RolloutOutcome.Refused nobody = refused(member(LEFT, 2, ""), member(RIGHT, 2, ""));
        assertTrue(nobody.detail().contains("com.acme.left and com.acme.right"), nobody.detail());
        assertEquals(Optional.empty(), rollouts.status("r1"));
    }

    @Test
    void anOrderThatMakesNoSenseSaysWhy() {
        assertSays("named once only", member(LEFT, 1, ""), member(LEFT, 2, ""));
        assertSays("a fallback for each or for none", member(LEFT, 1, "2.0.0"), member(RIGHT, 1, ""));
        assertSays("has no appId", member(LEFT, 1, ""), member("", 1, ""));
        Member[] many = new Member[17];
        for (int i = 0; i < many.length; i++) {
            many[i] = member("com.acme.app" + i, 1, "");
        }
        assertSays("17 apps; 1 to 16", many);
    }

    private static void assertSays(String what, Member... members) {
        String why = String.valueOf(assertThrows(IllegalArgumentException.class, () -> order(members))
                .getMessage());
        assertTrue(why.contains(what), why);
    }

    @Test
    void theSameOrderTwiceBeginsOnceAndAnotherOfThatIdIsRefused() {
        begin("");
        assertEquals(right(), begin("").companions().getFirst().id());
        assertEquals(List.of(FIRST), signed);
        assertEquals("id-taken", refused(member(LEFT, 2, "")).reason());
    }
}
