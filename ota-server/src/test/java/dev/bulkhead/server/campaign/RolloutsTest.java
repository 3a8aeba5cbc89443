package dev.bulkhead.server.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.server.campaign.RolloutPlan.OnError;
import dev.bulkhead.server.store.BlobRow;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.DesiredRow;
import dev.bulkhead.server.store.ReleaseRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RolloutsTest {
    private static final String APP = "com.acme.climate";

    private final List<String> woken = new ArrayList<>();
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
                (vehicle, why) -> woken.add(vehicle),
                new Changes(),
                () -> now,
                new Random(1));
        rollouts = new Rollouts(database, assignments, () -> now);
        database.write(tx -> {
            for (int i = 0; i < 10; i++) {
                tx.vehicles().seen("car-" + i, 1);
                tx.vehicles().setHello("car-" + i, "1", Map.of("region", i < 2 ? "eu" : "us"));
            }
            for (int counter = 1; counter <= 3; counter++) {
                String sha256 = ("" + counter).repeat(64);
                tx.releases().addBlob(new BlobRow(sha256, 1, 1024, new byte[32]));
                tx.releases().add(release(counter, sha256));
            }
            return true;
        });
    }

    private static ReleaseRow release(int counter, String sha256) {
        String version = counter + ".0.0";
        return new ReleaseRow(
                APP,
                version,
                counter,
                "acme",
                "vendor/acme/" + version,
                sha256,
                1,
                1024,
                sha256,
                "hw",
                sha256,
                true,
                1);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static RolloutPlan plan(OnError onError) {
        return new RolloutPlan(
                Map.of(),
                List.of(new RolloutGroup.Matching(Map.of("region", "eu")), new RolloutGroup.Matching(Map.of())),
                100,
                20,
                1,
                Duration.ofMinutes(10),
                onError);
    }

    private RolloutStatus begin(OnError onError, Optional<String> fallback) {
        RolloutOutcome outcome =
                rollouts.begin(new RolloutOrder(Optional.of("r1"), APP, Optional.of("2.0.0"), fallback, plan(onError)));
        return assertInstanceOf(RolloutOutcome.Begun.class, outcome).status();
    }

    private void says(String vehicle, ActionState state) {
        assertTrue(assignments.report(vehicle, new ProgressReport("r1", state, 0, 0, "", "")));
        rollouts.advance();
    }

    private RolloutStatus status() {
        return rollouts.status("r1").orElseThrow();
    }

    private String desired(String vehicle) {
        return database.read(tx -> tx.assignments().desired(vehicle)).stream()
                .map(DesiredRow::version)
                .findFirst()
                .orElse("");
    }

    @Test
    void goesOutGroupAfterGroupAndThenHoldsForTheWholeFleet() {
        begin(OnError.PAUSE, Optional.empty());
        assertEquals(List.of("car-0", "car-1"), woken.stream().sorted().toList());
        assertEquals("", desired("car-5"));
        says("car-0", ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.RUNNING, status().phase());
        says("car-1", ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.SOAKING, status().phase());
        now = now.plus(Duration.ofMinutes(9));
        rollouts.advance();
        assertEquals("", desired("car-5"));
        now = now.plus(Duration.ofMinutes(1));
        rollouts.advance();
        assertEquals("2.0.0", desired("car-5"));
        for (int i = 2; i < 10; i++) {
            says("car-" + i, ActionState.SUCCEEDED);
        }
        now = now.plus(Duration.ofMinutes(10));
        rollouts.advance();
        assertEquals(RolloutPhase.COMPLETED, status().phase());
        boolean inherited = database.write(tx -> {
            tx.vehicles().seen("car-late", 2);
            return assignments.inherit(tx, "car-late");
        });
        assertTrue(inherited);
        assertEquals("2.0.0", desired("car-late"));
    }

    @Test
    void stopsWhenTooManyFailAndGoesOnWhenTold() {
        begin(OnError.PAUSE, Optional.empty());
        says("car-0", ActionState.FAILED);
        assertEquals(RolloutPhase.PAUSED, status().phase());
        assertTrue(status().row().detail().contains("1 of 1"));
        says("car-1", ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.PAUSED, status().phase());
        assertEquals("", desired("car-5"));
        says("car-0", ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.RUNNING, rollouts.resume("r1").orElseThrow().phase());
        rollouts.advance();
        assertEquals(RolloutPhase.SOAKING, status().phase());
    }

    @Test
    void takesTheFleetBackByItself() {
        assignments.assign(new AssignmentOrder(Optional.empty(), APP, Optional.of("1.0.0"), List.of()));
        begin(OnError.ROLL_BACK, Optional.of("3.0.0"));
        assertEquals("2.0.0", desired("car-0"));
        says("car-1", ActionState.SUCCEEDED);
        says("car-0", ActionState.ROLLED_BACK);
        rollouts.advance();
        assertEquals(RolloutPhase.ROLLED_BACK, status().phase());
        assertEquals("1.0.0", desired("car-0"), "back to what it was to run before");
        assertEquals("3.0.0", desired("car-1"), "a counter never goes down, so it gets the fallback");
        assertEquals("1.0.0", desired("car-5"), "never touched");
    }

    @Test
    void vehicleInTheMiddleOfAnUpdateEndsItBeforeItIsTakenBack() {
        begin(OnError.PAUSE, Optional.of("3.0.0"));
        says("car-0", ActionState.PROBATION);
        rollouts.rollBack("r1");
        rollouts.advance();
        assertEquals(RolloutPhase.ROLLING_BACK, status().phase());
        assertEquals("2.0.0", desired("car-0"));
        assertEquals("", desired("car-1"), "it had not begun");
        says("car-0", ActionState.SUCCEEDED);
        assertEquals(RolloutPhase.ROLLED_BACK, status().phase());
        assertEquals("3.0.0", desired("car-0"));
    }

    @Test
    void saysWhoKeepsTheNewReleaseWhenThereIsNoFallback() {
        begin(OnError.PAUSE, Optional.empty());
        says("car-0", ActionState.SUCCEEDED);
        rollouts.rollBack("r1");
        rollouts.advance();
        assertEquals(RolloutPhase.ROLLED_BACK, status().phase());
        assertEquals("2.0.0", desired("car-0"));
        assertTrue(status().row().detail().contains("1 vehicles keep"));
    }

    @Test
    void fallbackMustBeAHigherRelease() {
        RolloutOutcome outcome = rollouts.begin(new RolloutOrder(
                Optional.empty(), APP, Optional.of("2.0.0"), Optional.of("1.0.0"), plan(OnError.PAUSE)));
        assertEquals(
                "fallback",
                assertInstanceOf(RolloutOutcome.Refused.class, outcome).reason());
    }

    @Test
    void leavesOutVehiclesThatHaveAHigherRelease() {
        assignments.assign(new AssignmentOrder(Optional.empty(), APP, Optional.of("3.0.0"), List.of("car-0", "car-1")));
        RolloutStatus status = begin(OnError.PAUSE, Optional.empty());
        assertEquals(0, status.groups().getFirst().vehicles());
        rollouts.advance();
        assertEquals(1, status().row().group(), "a group nobody stands in is passed");
        assertEquals("3.0.0", desired("car-0"));
    }

    @Test
    void sameOrderTwiceBeginsOnce() {
        begin(OnError.PAUSE, Optional.empty());
        int before = signed.size();
        begin(OnError.PAUSE, Optional.empty());
        assertEquals(before, signed.size());
    }

    @Test
    void planSurvivesBeingWrittenDown() {
        RolloutPlan plan = new RolloutPlan(
                Map.of("model", "x"),
                List.of(new RolloutGroup.Share(5), new RolloutGroup.Matching(Map.of("region", "eu"))),
                90,
                5,
                20,
                Duration.ofHours(2),
                OnError.ROLL_BACK);
        assertEquals(plan, PlanText.parse(PlanText.write(plan)));
    }
}
