package dev.bulkhead.security.tuf;

import java.util.List;

/** What a metadata bundle proved. */
public sealed interface BundleVerdict {
    /**
     * Everything held.
     *
     * @param directorVersion version of the director's targets
     * @param targets what should run; empty when there is nothing new, which is an answer too
     */
    record Agreed(long directorVersion, List<ApprovedTarget> targets) implements BundleVerdict {
        public Agreed {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Refused; what was believed before still stands.
     *
     * @param repository {@code director} or {@code image}
     * @param file where it was found
     * @param refusal why, for programs and attack reports
     * @param detail why, for people
     */
    record Refused(String repository, String file, Refusal refusal, String detail) implements BundleVerdict {}
}
