package dev.bulkhead.server.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.server.campaign.RolloutPlan.OnError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RolloutRulesTest {
    private static final RolloutPlan PLAN = plan(Duration.ofMinutes(10), OnError.ROLL_BACK);

    private static RolloutPlan plan(Duration soak, OnError onError) {
        return new RolloutPlan(
                Map.of(),
                List.of(new RolloutGroup.Share(10), new RolloutGroup.Matching(Map.of())),
                90,
                20,
                5,
                soak,
                onError);
    }

    private static RolloutStep next(RolloutPlan plan, RolloutPhase phase, int group, long minutes, RolloutTally tally) {
        return RolloutRules.next(plan, phase, group, Duration.ofMinutes(minutes), tally, tally);
    }

    @Test
    void waitsForEnoughSuccess() {
        assertInstanceOf(RolloutStep.Stay.class, next(PLAN, RolloutPhase.RUNNING, 0, 0, new RolloutTally(10, 8, 0)));
        assertInstanceOf(RolloutStep.Soak.class, next(PLAN, RolloutPhase.RUNNING, 0, 0, new RolloutTally(10, 9, 0)));
    }

    @Test
    void opensTheNextGroupOnlyAfterTheSoak() {
        RolloutTally good = new RolloutTally(10, 10, 0);
        assertInstanceOf(RolloutStep.Stay.class, next(PLAN, RolloutPhase.SOAKING, 0, 9, good));
        assertInstanceOf(RolloutStep.NextGroup.class, next(PLAN, RolloutPhase.SOAKING, 0, 10, good));
        assertInstanceOf(RolloutStep.Complete.class, next(PLAN, RolloutPhase.SOAKING, 1, 10, good));
    }

    @Test
    void withoutSoakGoesOnAtOnce() {
        RolloutPlan hasty = plan(Duration.ZERO, OnError.PAUSE);
        assertInstanceOf(
                RolloutStep.NextGroup.class, next(hasty, RolloutPhase.RUNNING, 0, 0, new RolloutTally(10, 10, 0)));
    }

    @Test
    void skipsAGroupNobodyStandsIn() {
        assertInstanceOf(
                RolloutStep.NextGroup.class, next(PLAN, RolloutPhase.RUNNING, 0, 0, new RolloutTally(0, 0, 0)));
    }

    @Test
    void rollsBackWhenTooManyFail() {
        RolloutStep step = next(PLAN, RolloutPhase.RUNNING, 0, 0, new RolloutTally(10, 3, 2));
        assertTrue(assertInstanceOf(RolloutStep.RollBack.class, step).why().contains("2 of 5"));
    }

    @Test
    void pausesInsteadWhenThePlanSaysSo() {
        RolloutPlan careful = plan(Duration.ofMinutes(10), OnError.PAUSE);
        assertInstanceOf(
                RolloutStep.Pause.class, next(careful, RolloutPhase.RUNNING, 0, 0, new RolloutTally(10, 3, 2)));
    }

    @Test
    void doesNotJudgeByTooSmallASample() {
        assertInstanceOf(RolloutStep.Stay.class, next(PLAN, RolloutPhase.RUNNING, 0, 0, new RolloutTally(10, 0, 4)));
    }

    @Test
    void failureWhileSoakingStopsToo() {
        assertInstanceOf(
                RolloutStep.RollBack.class, next(PLAN, RolloutPhase.SOAKING, 0, 1, new RolloutTally(10, 7, 3)));
        assertInstanceOf(RolloutStep.Pause.class, next(PLAN, RolloutPhase.SOAKING, 0, 1, new RolloutTally(10, 8, 2)));
    }

    @Test
    void failuresOfEarlierGroupsCountOn() {
        RolloutStep step = RolloutRules.next(
                PLAN, RolloutPhase.RUNNING, 1, Duration.ZERO, new RolloutTally(90, 4, 0), new RolloutTally(100, 8, 6));
        assertInstanceOf(RolloutStep.RollBack.class, step);
    }

    @Test
    void whatIsOverStaysOver() {
        RolloutTally bad = new RolloutTally(10, 0, 10);
        for (RolloutPhase phase : RolloutPhase.values()) {
            if (!phase.isActive()) {
                assertInstanceOf(RolloutStep.Stay.class, next(PLAN, phase, 0, 100, bad), phase.word());
            }
            assertEquals(phase, RolloutPhase.ofWord(phase.word()));
        }
    }

    @Test
    void sharesAreWholeVehiclesAndNobodyStandsInTwoGroups() {
        Map<String, Map<String, String>> fleet = IntStream.range(0, 25)
                .boxed()
                .collect(Collectors.toMap(i -> "car-" + i, i -> Map.of("region", i < 5 ? "eu" : "us")));
        List<RolloutGroup> groups = List.of(
                new RolloutGroup.Matching(Map.of("region", "eu")),
                new RolloutGroup.Share(10),
                new RolloutGroup.Matching(Map.of()));
        Map<String, Integer> places = RolloutGroups.sort("r1", groups, fleet);
        assertEquals(25, places.size());
        assertEquals(5, count(places, 0));
        assertEquals(3, count(places, 1));
        assertEquals(17, count(places, 2));
        assertEquals(places, RolloutGroups.sort("r1", groups, fleet));
    }

    private static long count(Map<String, Integer> places, int group) {
        return places.values().stream().filter(index -> index == group).count();
    }

    @Test
    void plansThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RolloutGroup.Share(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RolloutPlan(Map.of(), List.of(), 90, 10, 1, Duration.ZERO, OnError.PAUSE));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RolloutPlan(
                        Map.of(), List.of(new RolloutGroup.Share(1)), 101, 10, 1, Duration.ZERO, OnError.PAUSE));
    }
}
