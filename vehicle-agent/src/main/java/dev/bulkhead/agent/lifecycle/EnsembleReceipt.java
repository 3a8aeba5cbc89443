package dev.bulkhead.agent.lifecycle;

import java.util.List;
import java.util.Objects;

/** What the door answers to packages that were handed in as one. */
public sealed interface EnsembleReceipt {
    /** All of them are stored and wished for, durably. */
    record Accepted(List<ReleaseRef> releases) implements EnsembleReceipt {
        public Accepted {
            releases = List.copyOf(releases);
        }
    }

    /** The same order was taken before; its reports count. */
    record Unchanged(List<ReleaseRef> releases) implements EnsembleReceipt {
        public Unchanged {
            releases = List.copyOf(releases);
        }
    }

    /**
     * None of them enters.
     *
     * @param who the app that is at fault, or its order
     * @param refused why, as for that package alone
     */
    record Refused(String who, InstallReceipt.Refused refused) implements EnsembleReceipt {
        public Refused {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(refused, "refused");
        }
    }

    /** Not just now: one of the apps is at a message boundary or being removed. To be handed in again in a moment. */
    record Busy(String who) implements EnsembleReceipt {
        public Busy {
            Objects.requireNonNull(who, "who");
        }
    }
}
