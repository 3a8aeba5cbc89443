package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.security.audit.UsageCounter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was decided about one identifier on one bus, with its rate and its counter. Strand only. */
final class CanGrant {
    private final Optional<CanAccess> access;
    private final UsageCounter uses;
    private final @Nullable TokenBucket rate;

    CanGrant(Optional<CanAccess> access, UsageCounter uses, long nowNanos) {
        this.access = access;
        this.uses = uses;
        this.rate = access.filter(a -> a.rateFps().isPresent())
                .map(a -> new TokenBucket(a.rateFps().getAsDouble(), nowNanos))
                .orElse(null);
    }

    boolean given() {
        return access.isPresent();
    }

    Optional<CanAccess> access() {
        return access;
    }

    boolean within(long nowNanos) {
        return rate == null || rate.take(nowNanos);
    }

    void count(int bytes) {
        uses.touch(1, bytes);
    }
}
