package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.contract.proto.AuditSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AuditReportsTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> said = new ArrayList<>();
    private final AuditReports reports = new AuditReports(new PagedHead(), new Line(), time);
    private long size = 100;
    private boolean connected = true;

    /** A log whose views are told in pages of 40 entries. */
    private final class PagedHead implements AuditHead {
        @Override
        public Optional<AuditCheckpoint> since(long known) {
            return Optional.of(AuditCheckpoint.newBuilder()
                    .setTreeSize(size)
                    .setPreviousSize(known)
                    .build());
        }

        @Override
        public AuditCheckpoint summarised(AuditCheckpoint head, long told) {
            return head.toBuilder()
                    .setSummary(AuditSummary.newBuilder()
                            .setFrom(told)
                            .setTo(Math.min(size, told + 40))
                            .build()
                            .toByteString())
                    .build();
        }

        @Override
        public Optional<String> verifierKey() {
            return Optional.empty();
        }
    }

    private final class Line implements Transport {
        @Override
        public void open(Listener listener) {}

        @Override
        public boolean publish(Up up, byte[] payload) {
            if (!connected) {
                return false;
            }
            try {
                AuditCheckpoint message = AuditCheckpoint.parseFrom(payload);
                AuditSummary page = AuditSummary.parseFrom(message.getSummary());
                said.add(message.getPreviousSize() + "→" + message.getTreeSize()
                        + (message.getSummary().isEmpty() ? "" : " views " + page.getFrom() + ".." + page.getTo()));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
            return true;
        }

        @Override
        public void close() {}
    }

    private List<String> after(Duration pause) {
        said.clear();
        time.run(pause);
        reports.say();
        return List.copyOf(said);
    }

    @Test
    void saysNothingBeforeTheFleetToldWhatItHolds() {
        assertEquals(List.of(), after(Duration.ofHours(1)));
    }

    @Test
    void tellsTheViewsInPagesAndThenOnlyTheHeadUntilTheyAreDueAgain() {
        reports.known(0, 0);
        assertEquals(List.of("0→100 views 0..40", "100→100 views 40..80", "100→100 views 80..100"), said);
        size = 110;
        assertEquals(List.of("100→110"), after(Duration.ofMinutes(1)));
        assertEquals(List.of("110→110 views 100..110"), after(AuditReports.VIEWS_EVERY));
        assertEquals(List.of(), after(AuditReports.VIEWS_EVERY), "nothing is new");
    }

    @Test
    void goesOnWhereTheFleetStandsAndDoesNotBeginAnew() {
        reports.known(90, 60);
        assertEquals(List.of("90→100 views 60..100"), said);
    }

    @Test
    void aFleetThatAsksAllTheTimeIsToldTheViewsOnceInTenSeconds() {
        reports.known(0, 0);
        said.clear();
        for (int i = 0; i < 40; i++) {
            size++;
            time.run(Duration.ofMillis(500));
            reports.known(size - 1, 100);
        }
        assertEquals(
                2, said.stream().filter(message -> message.contains("views")).count(), said.toString());
    }

    @Test
    void whatTheLineDidNotTakeIsSaidAgain() {
        connected = false;
        reports.known(0, 0);
        assertEquals(List.of(), said);
        connected = true;
        assertEquals("0→100 views 0..40", after(Duration.ofMinutes(1)).getFirst());
        reports.connected();
        assertEquals(List.of(), after(Duration.ofMinutes(1)), "another line: the fleet speaks first");
    }
}
