package dev.bulkhead.agent.lifecycle;

import java.util.Objects;

/** What became of an order at the door. The way from desired to running is told by {@link UpdateOutcome}. */
public sealed interface InstallReceipt {
    /** The package is verified, stored and durably desired; reports follow. */
    record Accepted(ReleaseRef release) implements InstallReceipt {
        public Accepted {
            Objects.requireNonNull(release, "release");
        }
    }

    /** Exactly this release is desired already; nothing changed. */
    record Unchanged(ReleaseRef release) implements InstallReceipt {
        public Unchanged {
            Objects.requireNonNull(release, "release");
        }
    }

    /**
     * Nothing changed, and why.
     *
     * @param reason a stable word: {@code signature}, {@code downgrade}, {@code mismatch}, {@code malformed},
     *     {@code policy}, {@code admission}, {@code dependency}, {@code storage}, {@code rejected}
     * @param detail what was found, where, and what to do, for people
     */
    record Refused(String reason, String detail) implements InstallReceipt {
        public Refused {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }
}
