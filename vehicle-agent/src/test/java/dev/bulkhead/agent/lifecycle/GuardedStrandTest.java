package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.agent.sandbox.Strand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedStrandTest {
    private final ArrayDeque<Runnable> mailbox = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final GuardedStrand strand =
            new GuardedStrand(new ByHand(), "com.acme.fan#1", (where, fault) -> {}, failures::add);

    /** Runs turns when the test says so. */
    private final class ByHand implements Strand {
        @Override
        public boolean execute(Runnable turn) {
            return mailbox.add(turn);
        }

        @Override
        public void parkUntil(long nanos) {}

        @Override
        public void interrupt() {}

        @Override
        public void close() {}
    }

    private void turn(String name) {
        strand.turn(name, () -> ran.add(name));
    }

    private void runAll() {
        for (Runnable next = mailbox.poll(); next != null; next = mailbox.poll()) {
            next.run();
        }
    }

    @Test
    void turnsWaitWhileTheStrandIsLentAndKeepTheirOrder() {
        strand.turn("lend", strand::lend);
        turn("first");
        runAll();
        assertEquals(List.of(), ran);
        turn("second");
        strand.giveBack();
        turn("third");
        runAll();
        assertEquals(List.of("first", "second", "third"), ran);
    }

    @Test
    void whatIsGivenBackTwiceIsTheSame() {
        strand.turn("lend", strand::lend);
        turn("first");
        strand.giveBack();
        strand.giveBack();
        runAll();
        turn("second");
        runAll();
        assertEquals(List.of("first", "second"), ran);
    }

    @Test
    void aTurnThatWaitedIsGuardedToo() {
        strand.turn("lend", strand::lend);
        strand.turn("stop", () -> {
            throw new IllegalStateException("broken");
        });
        turn("next");
        strand.giveBack();
        runAll();
        assertEquals(List.of("host fault in stop: java.lang.IllegalStateException: broken"), failures);
        assertEquals(List.of("next"), ran);
    }

    @Test
    void anErrorIsAFailureOfTheAppAndNotTheEndOfItsStrand() {
        strand.turn("compile", () -> {
            throw new OutOfMemoryError("Java heap space");
        });
        strand.turn("link", () -> {
            throw new VerifyError("bad type");
        });
        turn("next");
        runAll();
        assertEquals(
                List.of(
                        "host fault in compile: java.lang.OutOfMemoryError: Java heap space",
                        "host fault in link: java.lang.VerifyError: bad type"),
                failures);
        assertEquals(List.of("next"), ran);
    }
}
