package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.GrantDesk;
import dev.bulkhead.agent.host.PolicyDesk;
import dev.bulkhead.contract.proto.AuditEntry;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a release may do, and what the audit log was told of that. Kept from start to start, so that a restart decides nothing anew. Thread-safe. */
final class ReleaseRights {
    private final PolicyDesk desk;
    private volatile @Nullable Declaration last;

    private record Declaration(long epoch, AuditEntry entry) {}

    ReleaseRights(PolicyDesk desk) {
        this.desk = desk;
    }

    PolicyDesk desk() {
        return desk;
    }

    /**
     * The entry that declares the release under the policy in force.
     *
     * @param view makes it, when there is none yet under this policy
     */
    AuditEntry declaration(Function<GrantDesk, AuditEntry> view) {
        long epoch = desk.epoch();
        Declaration known = last;
        if (known != null && known.epoch() == epoch) {
            return known.entry();
        }
        AuditEntry made = view.apply(desk);
        // one that was made while the policy changed may be half of each
        if (desk.epoch() == epoch) {
            last = new Declaration(epoch, made);
        }
        return made;
    }
}
