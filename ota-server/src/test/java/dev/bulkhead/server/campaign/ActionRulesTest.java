package dev.bulkhead.server.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.server.store.ActionRow;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ActionRulesTest {
    private static ActionRow in(ActionState state) {
        return new ActionRow("a1", "car-1", "com.acme.app", "1.0.0", state.word(), 10, 100, "", "", 1, 3);
    }

    private static ProgressReport says(ActionState state, long done) {
        return new ProgressReport("a1", state, done, 100, "", "");
    }

    @Test
    void everyWordHasItsState() {
        for (ActionState state : ActionState.values()) {
            assertEquals(Optional.of(state), ActionState.ofWord(state.word()));
        }
        assertTrue(ActionState.ofWord("nonsense").isEmpty());
    }

    @Test
    void changeOfStateRaisesTheRevision() {
        ActionRow next = ActionRules.after(in(ActionState.ASSIGNED), says(ActionState.DOWNLOADING, 20), 5)
                .orElseThrow();
        assertEquals("downloading", next.state());
        assertEquals(20, next.done());
        assertEquals(4, next.revision());
        assertEquals(5, next.updatedAt());
    }

    @Test
    void moreBytesInTheSameStateKeepTheRevision() {
        ActionRow next = ActionRules.after(in(ActionState.DOWNLOADING), says(ActionState.DOWNLOADING, 20), 5)
                .orElseThrow();
        assertEquals(3, next.revision());
        assertEquals(20, next.done());
    }

    @Test
    void sameWordTwiceChangesNothing() {
        assertTrue(ActionRules.after(in(ActionState.DOWNLOADING), says(ActionState.DOWNLOADING, 10), 5)
                .isEmpty());
        assertTrue(ActionRules.after(in(ActionState.INSTALLING), says(ActionState.INSTALLING, 0), 5)
                .isEmpty());
    }

    @Test
    void lateCopyOfAnOldWordDoesNotUndoSuccess() {
        assertTrue(ActionRules.after(in(ActionState.SUCCEEDED), says(ActionState.DOWNLOADING, 50), 5)
                .isEmpty());
        assertTrue(ActionRules.after(in(ActionState.SUPERSEDED), says(ActionState.SUCCEEDED, 50), 5)
                .isEmpty());
    }

    @Test
    void successCanStillBeRolledBackAndFailureTriedAgain() {
        assertTrue(ActionRules.after(in(ActionState.SUCCEEDED), says(ActionState.ROLLED_BACK, 0), 5)
                .isPresent());
        assertTrue(ActionRules.after(in(ActionState.FAILED), says(ActionState.DOWNLOADING, 0), 5)
                .isPresent());
    }

    @Test
    void allBytesAreThereOnceThePackageIsInstalled() {
        assertEquals(
                100,
                ActionRules.after(in(ActionState.DOWNLOADING), says(ActionState.SUCCEEDED, 0), 5)
                        .orElseThrow()
                        .done());
    }
}
