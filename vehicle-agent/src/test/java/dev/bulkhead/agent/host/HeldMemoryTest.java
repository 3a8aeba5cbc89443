package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.files.WasiFiles;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.PolicyDecider;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One cap over everything an app can make the host hold: what one kind leaves, another cannot exceed. */
final class HeldMemoryTest {
    private static final int RECEIVE = 1;
    private static final long BUDGET = 65_536;
    private static final long ALL = BUDGET + HeldMemory.INCLUDED;

    private final Bench bench = new Bench();

    private long openBus() {
        bench.memory.put(1_024, "can0");
        return bench.call("hal.can_open", 1_024, 4, RECEIVE);
    }

    private void mail(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            bench.session.mail().put(new MessageHub.Message("com.acme.other", "fleet/x", new byte[bytes], i, i));
        }
    }

    private boolean refusedMemory() {
        bench.session.flush();
        return bench.audit.stream()
                .anyMatch(entry -> entry.hasBudgetExceeded()
                        && entry.getBudgetExceeded().getResource().equals("memory"));
    }

    @Test
    void whatTheGuestHasTheHostCannotGive() {
        HeldMemory held = new HeldMemory(BUDGET);
        assertTrue(held.guest(BUDGET));
        assertTrue(held.take(HeldMemory.INCLUDED), "that much comes with every app");
        assertFalse(held.take(1));
        assertEquals(0, held.left());
        held.give(HeldMemory.INCLUDED);
        assertTrue(held.take(HeldMemory.INCLUDED));
        assertTrue(held.guest(BUDGET / 2));
        assertTrue(held.take(BUDGET / 2));
        assertFalse(held.guest(BUDGET / 2 + 1), "what the host holds is charged");
        assertEquals(BUDGET, held.charged());
        assertTrue(held.guest(100), "a smaller guest is never refused");
    }

    @Test
    void nothingIsTakenWhereItIsRefusedAndNoSumOverflows() {
        HeldMemory held = new HeldMemory(BUDGET);
        assertFalse(held.take(ALL + 1));
        assertEquals(0, held.host());
        assertFalse(held.take(Long.MAX_VALUE / 2));
        assertFalse(held.guest(Long.MAX_VALUE / 2));
        assertTrue(held.take(ALL));
        assertEquals(BUDGET, held.charged());
    }

    @Test
    void ratherThanMailOnTopOfHandlesTheOldestMailIsLost() {
        assertTrue(openBus() > 0);
        assertTrue(openBus() > 0);
        mail(300, 4_000);
        assertTrue(
                bench.session.held().host() <= ALL,
                () -> "holds " + bench.session.held().host());
        assertTrue(bench.session.mail().dropped() > 200);
        assertFalse(bench.session.mail().depth() == 0, "the newest is there");
    }

    @Test
    void noHandleOnTopOfMailUntilThereIsRoomAgain() {
        mail(300, 4_000);
        assertEquals(Status.NOSPC.code(), openBus());
        assertTrue(refusedMemory());
        assertFalse(bench.session.held().guest(BUDGET), "memory.grow is -1 meanwhile");
        bench.session.mail().takeAll(message -> true);
        long handle = openBus();
        assertTrue(handle > 0);
        assertTrue(bench.session.held().guest(BUDGET));
    }

    @Test
    void closedHandlesEndedSubscriptionsAndTakenMailGiveEverythingBack() {
        long before = bench.session.held().host();
        for (int round = 0; round < 1_000; round++) {
            long speed = bench.open("Vehicle.Speed", 1);
            assertEquals(0, bench.call("hal.signal_subscribe", speed, 1, 0, Double.doubleToRawLongBits(0), 60));
            assertEquals(0, bench.call("hal.signal_subscribe", speed, 1, 0, Double.doubleToRawLongBits(0), 30));
            assertEquals(0, bench.call("hal.signal_unsubscribe", speed));
            assertEquals(0, bench.call("hal.signal_subscribe", speed, 0, 0, Double.doubleToRawLongBits(0), 1));
            assertEquals(0, bench.call("hal.signal_close", speed));
            mail(1, 1_000);
            bench.session.mail().takeAll(message -> true);
        }
        assertEquals(before, bench.session.held().host());
    }

    @Test
    void noSubscriptionNoTimerAndNoFileWhereOthersTookAll() {
        long speed = bench.open("Vehicle.Speed", 1);
        assertTrue(bench.session.held().guest(BUDGET));
        assertTrue(bench.session
                .held()
                .take(HeldMemory.INCLUDED - bench.session.held().host()));
        assertEquals(
                Status.NOSPC.code(),
                bench.call("hal.signal_subscribe", speed, 1, 0, Double.doubleToRawLongBits(0), 10));
        assertEquals(Status.NOSPC.code(), bench.call("app.timer_set", 1, 10, 10));
        bench.memory.put(1_024, "file");
        WasiFiles files = new WasiFiles(bench.session.held(), true, Optional.empty());
        assertEquals(33, files.function("path_open").call(bench.memory, new long[] {3, 0, 1_024, 4, 1, 0, 0, 0, 64}));
        assertEquals(51, files.function("path_create_directory").call(bench.memory, new long[] {3, 1_024, 4}));
        assertEquals(0, bench.session.held().left());
        assertTrue(refusedMemory());
        assertEquals(1, bench.events().stream().filter(event -> event[0] == 8).count(), "one warning a second");
    }

    /** Takes all that is left but {@code spare} bytes. */
    private void leave(long spare) {
        HeldMemory held = bench.session.held();
        assertTrue(held.guest(BUDGET));
        assertTrue(held.take(HeldMemory.INCLUDED - held.host() - spare));
    }

    private long listen(String filter) {
        bench.memory.put(1_024, filter);
        return bench.call("app.msg_subscribe", 1_024, filter.length());
    }

    @Test
    void noFilterMoreThanThereIsMemoryForAndTheOthersStay() {
        leave(3 * HeldMemory.FILTER);
        for (String filter : List.of("fleet/a", "fleet/b", "fleet/c")) {
            assertEquals(0, listen(filter));
            assertEquals(0, listen(filter), "again, which costs nothing");
        }
        assertEquals(Status.NOSPC.code(), listen("fleet/d"));
        assertEquals(-1, listen("other/d"), "what is not granted is denied, not out of memory");
        assertTrue(refusedMemory());
        assertEquals(3, bench.session.openHandles().size());
        bench.policy.replace(new PolicyDecider(Bench.policy(2, "message # publish"), ActuatorFrames.none()));
        bench.call("app.msg_recv", 4_096, 100);
        assertEquals(
                3 * HeldMemory.FILTER,
                HeldMemory.INCLUDED - bench.session.held().host(),
                "given back");
    }

    private long send(long handle, int id) {
        bench.memory.write(4_096, new byte[80]);
        bench.memory.writeInt(4_096 + 8, id);
        return bench.call("hal.can_send", handle, 4_096, 1);
    }

    @Test
    void identifiersAreRememberedWhileThereIsMemoryAndSentAllTheSame() {
        bench.memory.put(1_024, "can0");
        long handle = bench.call("hal.can_open", 1_024, 4, 2);
        leave(10 * HeldMemory.IDENTIFIER);
        for (int id = 0x100; id < 0x200; id++) {
            assertEquals(1, send(handle, id), "id " + id);
        }
        assertEquals(0, bench.session.held().left());
        assertEquals(HeldMemory.INCLUDED, bench.session.held().host());
        assertEquals(-1, send(handle, 0x200), "and what is not granted is denied");
        Resource can = Objects.requireNonNull(bench.session.handles().remove(handle));
        can.close();
        assertEquals(
                10 * HeldMemory.IDENTIFIER + can.heldBytes(),
                HeldMemory.INCLUDED - bench.session.held().host());
    }

    @Test
    void aThousandIdentifiersOnEachOfManyHandlesAreOneAccountAndNoneOfThemKeepsAHandleOut() {
        bench.memory.put(1_024, "can0");
        assertTrue(bench.session.held().guest(BUDGET));
        int open = 0;
        int sent = 0;
        long handle = bench.call("hal.can_open", 1_024, 4, 2);
        while (handle > 0) {
            open++;
            for (int id = 0x100; id < 0x200; id++) {
                sent += (int) send(handle, id);
            }
            assertTrue(bench.session.held().host() <= HeldMemory.INCLUDED);
            handle = bench.call("hal.can_open", 1_024, 4, 2);
        }
        assertEquals(Status.NOSPC.code(), handle);
        assertEquals(16, open, "as many as it may have");
        assertEquals(open * 256, sent);
        assertFalse(refusedMemory());
    }

    @Test
    void whatIsRememberedIsForgottenForAHandleAtTheCapAndDecidedAnewAfterwards() {
        bench.memory.put(1_024, "can0");
        long bus = bench.call("hal.can_open", 1_024, 4, 2);
        leave(10 * HeldMemory.IDENTIFIER);
        for (int id = 0x100; id < 0x120; id++) {
            assertEquals(1, send(bus, id), "id " + id);
        }
        assertEquals(HeldMemory.INCLUDED, bench.session.held().host(), "full of what is remembered");
        assertTrue(bench.open("Vehicle.Speed", 1) > 0);
        assertEquals(
                HeldMemory.INCLUDED - 10 * HeldMemory.IDENTIFIER + HeldMemory.HANDLE,
                bench.session.held().host(),
                "all of it is forgotten");
        assertFalse(refusedMemory());
        for (int id = 0x100; id < 0x120; id++) {
            assertEquals(1, send(bus, id), "id " + id);
        }
        assertEquals(-1, send(bus, 0x200), "what is not granted is denied as before");
        assertTrue(bench.session.held().host() <= HeldMemory.INCLUDED);
        assertTrue(bench.session.held().host() > HeldMemory.INCLUDED - HeldMemory.IDENTIFIER, "and remembered again");
    }

    @Test
    void memoryThatGrowsAndMailThatComesTakeThePlaceOfWhatIsRemembered() {
        HeldMemory held = new HeldMemory(BUDGET);
        Remembered<Integer, String> topics = new Remembered<>(1_000, HeldMemory.TOPIC, held);
        assertTrue(held.take(HeldMemory.INCLUDED));
        topics.put(1, "one");
        topics.put(2, "two");
        assertEquals(BUDGET, held.left(), "what is remembered is there for whoever asks");
        assertTrue(held.guest(BUDGET));
        assertEquals(HeldMemory.INCLUDED, held.host());
        assertNull(topics.find(1));
        topics.put(3, "three");
        assertNull(topics.find(3), "there is no room");
        assertTrue(held.guest(BUDGET - HeldMemory.TOPIC));
        topics.put(3, "three");
        topics.put(3, "drei");
        assertEquals("drei", topics.find(3));
        assertFalse(held.take(HeldMemory.TOPIC + 1), "it would be too little");
        assertEquals("drei", topics.find(3), "so it is kept");
        assertTrue(held.take(HeldMemory.TOPIC));
        assertNull(topics.find(3));
        assertEquals(BUDGET, held.charged());
    }

    @Test
    void whatIsForgottenOnAnotherThreadIsGivenBackOnce() throws InterruptedException {
        HeldMemory held = new HeldMemory(0);
        Remembered<Integer, Integer> topics = new Remembered<>(64, HeldMemory.TOPIC, held);
        long claim = HeldMemory.INCLUDED;
        Thread claimant = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 20_000; i++) {
                if (held.take(claim)) {
                    held.give(claim);
                }
            }
        });
        for (int i = 0; claimant.isAlive(); i++) {
            topics.put(i, i);
            Integer found = topics.find(i);
            assertTrue(found == null || found == i);
        }
        claimant.join();
        topics.forget();
        assertEquals(0, held.host());
        assertEquals(0, held.left());
        assertTrue(held.take(HeldMemory.INCLUDED));
    }

    @Test
    void topicsAreRememberedWhileThereIsMemoryAndPublishedAllTheSame() {
        leave(5 * HeldMemory.TOPIC + LastMessages.MOST_TOPICS * (HeldMemory.LAST + 10));
        for (int i = 0; i < 1_000; i++) {
            assertEquals(0, say("fleet/" + i, 10));
        }
        assertEquals(HeldMemory.INCLUDED, bench.session.held().host());
    }

    private long say(String topic, int bytes) {
        bench.memory.put(1_024, topic);
        return bench.call("app.msg_publish", 1_024, topic.length(), 4_096, bytes);
    }

    @Test
    void noLastWordMoreThanThereIsMemoryForAndNobodyHearsOfOneThatIsRefused() {
        assertEquals(0, listen("fleet/#"));
        leave(4 * HeldMemory.LAST + 2 * (HeldMemory.MESSAGE + 500) + 1_000);
        assertEquals(0, say("fleet/a", 500));
        assertEquals(0, say("fleet/b", 500));
        bench.session.mail().takeAll(message -> true);
        assertEquals(Status.NOSPC.code(), say("fleet/c", 3_000));
        assertEquals(Status.NOSPC.code(), say("fleet/a", 4_000));
        assertEquals(0, bench.session.mail().depth());
        assertTrue(refusedMemory());
        assertEquals(1, bench.events().stream().filter(event -> event[0] == 8).count(), "it is warned as well");
        assertEquals(0, say("fleet/a", 0), "a shorter one takes less");
        assertEquals(1, bench.session.mail().depth());
    }

    @Test
    void theLastWordsOfAnAppGoOverToTheNextVersionAndBackAndStayWhenItIsOver() {
        long before = bench.session.held().host();
        AppSession next = bench.shadow();
        long beginning = next.held().host();
        assertEquals(0, say("fleet/a", 10_000));
        assertEquals(0, say("fleet/b", 10_000));
        long words = 2 * (HeldMemory.LAST + 10_000);
        assertEquals(before + words + 2 * HeldMemory.TOPIC, bench.session.held().host());
        next.takeOver(bench.session);
        assertEquals(before + 2 * HeldMemory.TOPIC, bench.session.held().host());
        assertEquals(beginning + words, next.held().host());
        bench.session.takeBack(next);
        next.close(LossCause.SWAP_FAILED);
        assertEquals(before + words + 2 * HeldMemory.TOPIC, bench.session.held().host());
        assertEquals(beginning, next.held().host());
        bench.session.close(LossCause.STOPPED);
        assertEquals(before + 2 * HeldMemory.TOPIC, bench.session.held().host());
        AppSession later = bench.shadow();
        later.payForLastMessages();
        assertEquals(beginning + words, later.held().host());
    }

    @Test
    void aNextVersionThatHoldsTooMuchForgetsTheOldestWordsAndIsTold() {
        for (String topic : List.of("fleet/a", "fleet/b", "fleet/c")) {
            assertEquals(0, say(topic, 60_000));
        }
        AppSession next = bench.shadow();
        assertTrue(next.held().guest(BUDGET));
        assertTrue(next.held().take(HeldMemory.INCLUDED - next.held().host() - 2 * 61_000));
        next.takeOver(bench.session);
        next.flush();
        assertTrue(refusedMemory());
        assertEquals(
                2 * (61_000 - 60_000 - HeldMemory.LAST),
                HeldMemory.INCLUDED - next.held().host());
        next.held().give(61_000);
        next.payForLastMessages();
        assertEquals(
                61_000 + 2 * (61_000 - 60_000 - HeldMemory.LAST),
                HeldMemory.INCLUDED - next.held().host(),
                "what is forgotten does not come back");
    }

    @Test
    void aShadowWritesNoMoreThanThereIsMemoryForAndForgetsItWhenItTakesOver() {
        AppSession shadow = bench.shadow();
        ShadowedKeyValues data = shadow.data();
        HeldMemory held = shadow.held();
        assertTrue(held.guest(BUDGET));
        assertTrue(held.take(HeldMemory.INCLUDED - 2_000));
        byte[] a = {'a'};
        assertEquals(ShadowedKeyValues.Written.DONE, data.put(a, new byte[1_000], 1 << 20));
        assertEquals(ShadowedKeyValues.Written.DONE, data.put(a, new byte[1_500], 1 << 20), "in its place");
        assertEquals(ShadowedKeyValues.Written.NO_MEMORY, data.put(a, new byte[1_900], 1 << 20));
        assertEquals(ShadowedKeyValues.Written.NO_MEMORY, data.put(new byte[] {'b'}, new byte[500], 1 << 20));
        assertEquals(ShadowedKeyValues.Written.OVER_QUOTA, data.put(new byte[] {'b'}, new byte[500], 2_000));
        assertEquals(1_500, data.get(a).orElseThrow().length, "what was refused changed nothing");
        assertEquals(ShadowedKeyValues.Written.DONE, data.delete(a));
        assertEquals(ShadowedKeyValues.Written.NOT_THERE, data.delete(a));
        assertTrue(data.get(a).isEmpty());
        assertEquals(ShadowedKeyValues.Written.DONE, data.put(new byte[] {'b'}, new byte[500], 1 << 20), "room again");
        shadow.beginMigration();
        assertEquals(HeldMemory.INCLUDED - 2_000, held.host());
    }
}
