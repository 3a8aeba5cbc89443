package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.PolicyDecider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the policy gives of topics holds for as long as it gives it, and every message is accounted for. */
class MessageDeskTest {
    private static final long OK = 0;
    private static final long AGAIN = Status.AGAIN.code();
    private static final long PERM = Status.PERM.code();
    private static final long RATE = Status.RATE.code();

    private static long publish(Bench bench, String topic) {
        bench.memory.put(0, topic);
        return bench.call("app.msg_publish", 0, topic.length(), 500, 4);
    }

    private static long subscribe(Bench bench, String filter) {
        bench.memory.put(0, filter);
        return bench.call("app.msg_subscribe", 0, filter.length());
    }

    private static long receive(Bench bench) {
        return bench.call("app.msg_recv", 600, 200);
    }

    private static void adopt(Bench bench, int epoch, String... lines) {
        assertTrue(bench.policy.replace(new PolicyDecider(Bench.policy(epoch, lines), ActuatorFrames.none())));
    }

    @Test
    void aSubscriptionEndsWithItsGrantAndWhatWaitedGoesWithIt() {
        Bench bench = new Bench();
        assertEquals(OK, subscribe(bench, "fleet/news"));
        assertEquals(OK, subscribe(bench, "fleet/kept"));
        publish(bench, "fleet/news");
        publish(bench, "fleet/kept");
        adopt(bench, 2, "message # publish", "message fleet/kept subscribe");
        assertEquals(8 + 10 + 4, receive(bench), "the one that is still granted");
        assertEquals(AGAIN, receive(bench));
        publish(bench, "fleet/news");
        assertEquals(AGAIN, receive(bench));
        assertEquals(PERM, subscribe(bench, "fleet/news"));
        assertTrue(bench.audit.stream()
                .anyMatch(entry ->
                        entry.hasDenied() && entry.getDenied().getAccess().equals("message fleet/news subscribe")));
        adopt(bench, 3, "message # publish", "message # subscribe");
        assertEquals(OK, subscribe(bench, "fleet/news"));
        assertEquals(22, receive(bench), "the last one, anew");
    }

    @Test
    void theTopicsOfARuleShareItsRateAndATopicMoreIsNoNewBurst() {
        Bench bench = new Bench(Bench.policy(1, "message fleet/# publish rate<=5/s"));
        for (int i = 0; i < 5; i++) {
            assertEquals(OK, publish(bench, "fleet/" + i));
        }
        for (int i = 0; i < 600; i++) {
            assertEquals(RATE, publish(bench, "fleet/" + i));
        }
        bench.advance(1_000);
        assertEquals(OK, publish(bench, "fleet/0"));
    }

    @Test
    void aSubscriberGetsNoMoreThanItsRateAndIsToldOfTheRest() {
        Bench bench = new Bench(Bench.policy(1, "message fleet/# publish", "message fleet/# subscribe rate<=2/s"));
        assertEquals(OK, subscribe(bench, "fleet/a"));
        assertEquals(OK, subscribe(bench, "fleet/b"));
        for (int i = 0; i < 4; i++) {
            publish(bench, "fleet/a");
            publish(bench, "fleet/b");
        }
        assertEquals(2, bench.session.messagesWaiting());
        assertEquals(6, bench.session.messagesDropped());
        assertEquals(6, bench.session.inbox().dropped());
        assertEquals(6, bench.events().getFirst()[3]);
    }

    @Test
    void moreFiltersThanSixtyFourAreRefusedAndRecorded() {
        Bench bench = new Bench();
        for (int i = 0; i < 64; i++) {
            assertEquals(OK, subscribe(bench, "fleet/" + i));
        }
        assertEquals(Status.NOSPC.code(), subscribe(bench, "fleet/more"));
        assertEquals(OK, subscribe(bench, "fleet/7"), "one that is there is no further one");
        bench.session.flush();
        assertTrue(bench.audit.stream()
                .map(AuditEntry::getBudgetExceeded)
                .anyMatch(exceeded -> exceeded.getResource().equals("filters") && exceeded.getLimit() == 64));
        assertEquals(64, bench.session.openHandles().size());
    }

    @Test
    void whatIsFetchedIsCountedByFilterAndSeenInTheInspection() {
        Bench bench = new Bench();
        subscribe(bench, "fleet/+");
        publish(bench, "fleet/a");
        publish(bench, "fleet/b");
        receive(bench);
        bench.session.flush();
        List<String> counted = bench.audit.stream()
                .filter(AuditEntry::hasUsed)
                .map(AuditEntry::getUsed)
                .map(used -> used.getAccess() + " " + used.getCount())
                .sorted()
                .toList();
        assertEquals(
                List.of("message fleet/+ subscribe 1", "message fleet/a publish 1", "message fleet/b publish 1"),
                counted);
        assertEquals(List.of(new OpenHandle(0, "message", "fleet/+", "subscribed", 2)), bench.session.openHandles());
    }
}
