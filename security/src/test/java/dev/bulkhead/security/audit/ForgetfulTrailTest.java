package dev.bulkhead.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.contract.proto.AuditEntry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ForgetfulTrailTest {
    private final ForgetfulTrail trail = new ForgetfulTrail(() -> Instant.EPOCH);

    private static AuditEntry refused(int length) {
        return AuditEntry.newBuilder()
                .setRefused(AuditEntry.Refused.newBuilder().setWhy("x".repeat(length)))
                .build();
    }

    @Test
    void numbersEntriesLikeALog() {
        assertEquals(0, trail.append(refused(1)));
        assertEquals(1, trail.append(refused(1)));
    }

    @Test
    void shortensWhatTheLogShortens() {
        assertEquals(0, trail.append(refused(EntryChunk.MAX_ENTRY)));
    }
}
