package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.MessageHub.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever says the last word on a topic pays for it, for as long as it is the last word and whoever runs in its name. */
final class LastMessagesTest {
    private static final String ONE = "com.acme.one";
    private static final String TWO = "com.acme.two";

    private final LastMessages last = new LastMessages();
    private long number;

    private boolean say(String app, String topic, int bytes, HeldMemory payer) {
        return last.keep(new Message(app, topic, new byte[bytes], 0, ++number), payer);
    }

    /** An account that has this many bytes left. */
    private static HeldMemory account(long left) {
        HeldMemory held = new HeldMemory(0);
        assertTrue(held.take(HeldMemory.INCLUDED - left));
        return held;
    }

    private static long paid(HeldMemory held, long left) {
        return held.host() - (HeldMemory.INCLUDED - left);
    }

    private List<String> topics() {
        return last.of(topic -> true).stream().map(Message::topic).toList();
    }

    private int size(String topic) {
        return last.of(topic::equals).getFirst().payload().length;
    }

    @Test
    void aMessageIsPaidForUntilAnotherAppSaysTheNext() {
        HeldMemory one = account(10_000);
        HeldMemory two = account(10_000);
        assertTrue(say(ONE, "state", 1_000, one));
        assertEquals(HeldMemory.LAST + 1_000, paid(one, 10_000));
        assertTrue(say(TWO, "state", 300, two));
        assertEquals(0, paid(one, 10_000));
        assertEquals(HeldMemory.LAST + 300, paid(two, 10_000));
    }

    @Test
    void theNextOfTheSameAppCostsOrGivesBackTheDifference() {
        HeldMemory one = account(HeldMemory.LAST + 1_000);
        assertTrue(say(ONE, "state", 600, one));
        assertTrue(say(ONE, "state", 1_000, one), "there is no room for both, and both are never kept");
        assertTrue(say(ONE, "state", 10, one));
        assertEquals(HeldMemory.LAST + 10, paid(one, HeldMemory.LAST + 1_000));
    }

    @Test
    void whatThereIsNoRoomForChangesNothing() {
        HeldMemory one = account(2 * HeldMemory.LAST + 1_000);
        HeldMemory two = account(HeldMemory.LAST);
        assertTrue(say(ONE, "a", 500, one));
        assertTrue(say(ONE, "b", 500, one));
        assertFalse(say(ONE, "c", 0, one));
        assertFalse(say(ONE, "a", 501, one));
        assertFalse(say(TWO, "a", 1, two));
        assertEquals(List.of("a", "b"), topics());
        assertEquals(500, size("a"));
        assertEquals(2 * HeldMemory.LAST + 1_000, paid(one, 2 * HeldMemory.LAST + 1_000));
        assertEquals(0, paid(two, HeldMemory.LAST));
    }

    @Test
    void noTopicOfASenderIsForgottenForOneThatIsRefused() {
        long left = LastMessages.MOST_TOPICS * HeldMemory.LAST;
        HeldMemory one = account(left);
        for (int i = 0; i < LastMessages.MOST_TOPICS; i++) {
            assertTrue(say(ONE, "t/" + i, 0, one));
        }
        assertFalse(say(ONE, "more", 1, one));
        assertEquals("t/0", topics().getFirst());
        assertTrue(say(ONE, "more", 0, one), "the oldest makes room for one that takes no more");
        assertEquals("t/1", topics().getFirst());
        assertEquals(left, paid(one, left));
    }

    @Test
    void whatIsForgottenForTheBoundsOfASenderIsGivenBack() {
        HeldMemory one = HeldMemory.unbounded();
        for (int i = 0; i < 40; i++) {
            assertTrue(say(ONE, "t/" + i, 60_000, one));
        }
        assertEquals(17, topics().size());
        assertEquals(17 * (HeldMemory.LAST + 60_000), one.host());
        for (int i = 0; i < 1_000; i++) {
            assertTrue(say(ONE, "s/" + i, 0, one));
        }
        assertEquals(256, topics().size());
        assertEquals(256 * HeldMemory.LAST, one.host());
        last.forget(ONE);
        assertEquals(0, one.host());
        assertEquals(List.of(), topics());
    }

    @Test
    void whatAnAppThatIsOverSaidStaysAndTheNextInstancePaysForIt() {
        HeldMemory first = account(10_000);
        assertTrue(say(ONE, "a", 1_000, first));
        assertTrue(say(ONE, "b", 1_000, first));
        last.release(ONE, first);
        assertEquals(0, paid(first, 10_000));
        assertEquals(List.of("a", "b"), topics());
        HeldMemory next = account(10_000);
        assertTrue(say(ONE, "b", 10, next), "it pays for what it says itself from the beginning");
        assertEquals(HeldMemory.LAST + 10, paid(next, 10_000));
        assertEquals(0, last.charge(ONE, next));
        assertEquals(2 * HeldMemory.LAST + 1_010, paid(next, 10_000));
        last.release(ONE, first);
        assertEquals(0, last.charge(ONE, next), "nothing is paid twice");
        assertEquals(2 * HeldMemory.LAST + 1_010, paid(next, 10_000));
    }

    @Test
    void theNewestThatThereIsRoomForGoOverAndTheRestIsForgotten() {
        HeldMemory live = account(10_000);
        for (String topic : List.of("a", "b", "c")) {
            assertTrue(say(ONE, topic, 100, live));
        }
        assertTrue(say(TWO, "other", 100, live));
        HeldMemory next = account(2 * (HeldMemory.LAST + 100));
        assertEquals(HeldMemory.LAST + 100, last.charge(ONE, next));
        assertEquals(List.of("b", "c", "other"), topics());
        assertEquals(HeldMemory.LAST + 100, paid(live, 10_000), "what is another app's stays where it was");
        assertEquals(0, next.left());
        assertEquals(0, last.charge(ONE, live), "and back");
        assertEquals(3 * (HeldMemory.LAST + 100), paid(live, 10_000));
        assertEquals(0, last.charge("com.acme.silent", next));
    }
}
