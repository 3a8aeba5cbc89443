package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages reach whoever asked for them, once and in order, whoever else is slow, greedy, new or being replaced. */
class MessageHubTest {
    private static final long SECOND = 1_000_000_000L;

    private final MessageHub hub = new MessageHub();
    private long now = SECOND;

    private static MailSource mailbox() {
        EventInbox inbox = new EventInbox(16, HeldMemory.unbounded());
        MailSource mailbox = new MailSource(inbox, HeldMemory.unbounded());
        inbox.reserve(mailbox, 0);
        return mailbox;
    }

    private MailSource listener(String... filters) {
        MailSource mailbox = mailbox();
        for (String filter : filters) {
            listen(mailbox, filter, null);
        }
        return mailbox;
    }

    private void listen(MailSource mailbox, String filter, @Nullable TokenBucket rate) {
        hub.subscribe(new TopicFilter(filter), rate, mailbox);
    }

    private void say(String topic, String text) {
        say("com.acme.talker", topic, text);
    }

    private void say(String app, String topic, String text) {
        assertTrue(hub.publish(app, topic, text.getBytes(StandardCharsets.UTF_8), now, HeldMemory.unbounded()));
    }

    /** Fetches all that waits. */
    private static List<String> heard(MailSource mailbox) {
        List<String> texts = new ArrayList<>();
        for (var next = mailbox.peek(); next != null; next = mailbox.peek()) {
            texts.add(new String(next.payload(), StandardCharsets.UTF_8));
            mailbox.take(next);
        }
        return texts;
    }

    /** What the next event says about losses, and how many wait. */
    private static List<Long> told(MailSource mailbox) {
        EventWriter writer = new EventWriter(1);
        mailbox.drain(writer, 1);
        if (writer.count() == 0) {
            return List.of();
        }
        var record = java.nio.ByteBuffer.wrap(writer.records()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        return List.of((long) record.getInt(8), (long) record.getInt(12));
    }

    @Test
    void aMessageComesOnceInOrderHoweverManyFiltersMatch() {
        MailSource wide = listener("door/#", "door/+/lock", "door/left/lock");
        MailSource exact = listener("door/left/lock");
        say("door/left/lock", "1");
        say("door/right/lock", "2");
        say("window/left", "3");
        say("door/left/lock", "4");
        assertEquals(List.of("1", "2", "4"), heard(wide));
        assertEquals(List.of("1", "4"), heard(exact));
    }

    @Test
    void aLateSubscriberGetsTheLastMessageOfEachTopicAndEachOnce() {
        say("a/1", "old");
        say("a/2", "second");
        say("a/1", "third");
        say("b", "other");
        MailSource late = listener("a/1", "a/#", "a/1");
        assertEquals(List.of("third", "second"), heard(late));
    }

    @Test
    void noWildcardReachesIntoTheCloudTopicsOfAnApp() {
        MailSource all = listener("#", "+/com.acme.secret/+");
        MailSource own = listener("cloud/com.acme.secret/#");
        say("cloud/com.acme.secret/place", "here");
        assertEquals(List.of(), heard(all));
        assertEquals(List.of("here"), heard(own));
        assertEquals(List.of(), heard(listener("#")), "not as the last message either");
    }

    @Test
    void aSlowReaderLosesItsOldestAndIsToldHowMany() {
        MailSource slow = listener("news");
        MailSource quick = listener("news");
        for (int i = 0; i < 300; i++) {
            say("news", String.valueOf(i));
            assertEquals(List.of(String.valueOf(i)), heard(quick));
        }
        assertEquals(List.of(44L, 256L), told(slow));
        assertEquals(List.of(), told(slow), "one event tells of all");
        assertEquals(44, slow.dropped());
        assertEquals(0, quick.dropped());
        assertEquals(256, slow.depth());
        assertEquals("44", heard(slow).getFirst());
        for (int i = 0; i < 40; i++) {
            say("news", "x".repeat(60_000));
        }
        assertEquals(17, slow.depth(), "no more than a mebibyte waits");
    }

    @Test
    void aMessageLostBetweenLookingAndTakingTakesNoOtherWithIt() {
        MailSource slow = listener("news");
        say("news", "shown");
        var shown = slow.peek();
        assertNotNull(shown);
        for (int i = 0; i < 256; i++) {
            say("news", String.valueOf(i));
        }
        slow.take(shown);
        assertEquals(256, heard(slow).size());
        assertEquals(1, slow.dropped());
    }

    @Test
    void theFiltersOfAGrantShareItsRateAndWhatIsAboveItIsCounted() {
        MailSource reader = mailbox();
        TokenBucket rate = new TokenBucket(2, now);
        listen(reader, "a", rate);
        listen(reader, "b", rate);
        listen(reader, "c", null);
        for (int i = 0; i < 3; i++) {
            say("a", "a" + i);
            say("b", "b" + i);
            say("c", "c" + i);
        }
        assertEquals(List.of("a0", "b0", "c0", "c1", "c2"), heard(reader));
        assertEquals(4, reader.dropped());
        now += SECOND;
        say("a", "later");
        assertEquals(List.of("later"), heard(reader));
    }

    @Test
    void anAppThatFloodsTopicsPushesOutNobodysLastMessagesButItsOwn() {
        say("com.acme.calm", "state/door", "shut");
        for (int i = 0; i < 2_000; i++) {
            say("com.acme.flood", "flood/" + i, String.valueOf(i));
        }
        for (int i = 0; i < 40; i++) {
            say("com.acme.heavy", "heavy/" + i, "x".repeat(60_000));
        }
        assertEquals(List.of("shut"), heard(listener("state/#")));
        assertEquals(256, heard(listener("flood/#")).size());
        assertEquals(17, heard(listener("heavy/#")).size());
    }

    @Test
    void theLastMessageIsTheLastOneWhoeverSentItAndGoesWithItsSender() {
        say("com.acme.one", "state", "1");
        say("com.acme.two", "state", "2");
        assertEquals(List.of("2"), heard(listener("state")));
        hub.forget("com.acme.one");
        assertEquals(List.of("2"), heard(listener("state")));
        hub.forget("com.acme.two");
        assertEquals(List.of(), heard(listener("state")));
    }

    @Test
    void whatIsUnsubscribedWaitsNoLonger() {
        MailSource reader = listener("a/#", "a/b", "c");
        say("a/b", "1");
        say("c", "2");
        hub.unsubscribe(new TopicFilter("c"), reader);
        hub.unsubscribe(new TopicFilter("a/#"), reader);
        say("a/x", "3");
        assertEquals(List.of("1"), heard(reader));
        hub.unsubscribe(new TopicFilter("nothing"), reader);
        hub.leave(reader);
        say("a/b", "4");
        assertNull(reader.peek());
    }

    @Test
    void theNextVersionGetsWhatWaitsInOrderOnceAndWithTheLosses() {
        MailSource live = listener("a");
        say("a", "handled");
        assertEquals(List.of("handled"), heard(live));
        MailSource next = listener("a");
        assertEquals(List.of("handled"), heard(next), "the shadow begins with the last message");
        for (int i = 0; i < 260; i++) {
            say("a", String.valueOf(i));
        }
        hub.handOver(live, next);
        assertEquals(List.of(4L, 256L), told(next));
        assertEquals("4", heard(next).getFirst());
        say("a", "after");
        assertEquals(List.of("after"), heard(next));
        assertEquals(0, live.depth(), "what the heir gets the frozen one does not");
        hub.giveBack(next, live);
        hub.leave(next);
        say("a", "back");
        assertEquals(List.of("back"), heard(live));
    }

    @Test
    void aTopicOnlyTheNextVersionListensToBeginsWithItsLastMessage() {
        say("new", "last");
        MailSource live = listener("a");
        MailSource next = listener("a", "new");
        assertEquals(List.of("last"), heard(next), "what the shadow learnt of it is forgotten at the cut");
        say("a", "waits");
        hub.handOver(live, next);
        assertEquals(List.of("last", "waits"), heard(next));
    }

    @Test
    void aTopicOnlyTheOldVersionListensToWaitsForItsReturn() {
        MailSource live = listener("a", "old");
        MailSource next = listener("a");
        say("old", "1");
        say("a", "2");
        hub.handOver(live, next);
        say("old", "3");
        say("a", "4");
        var first = next.peek();
        assertNotNull(first);
        assertEquals("a", first.topic());
        next.take(first);
        hub.giveBack(next, live);
        assertEquals(List.of("1", "3", "4"), heard(live));
    }
}
