package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.CanAccess;
import dev.bulkhead.security.audit.UsageCounter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was decided about one identifier on one bus, with its counter and the rate it shares with its rule's others. Strand only. */
final class CanGrant {
    private final Optional<CanAccess> access;
    private final UsageCounter uses;
    private final @Nullable TokenBucket rate;

    CanGrant(Optional<CanAccess> access, UsageCounter uses, @Nullable TokenBucket rate) {
        this.access = access;
        this.uses = uses;
        this.rate = rate;
    }

    static CanGrant none() {
        return new CanGrant(Optional.empty(), UsageCounter.ofNobody(), null);
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
