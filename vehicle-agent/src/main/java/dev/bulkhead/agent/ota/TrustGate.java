package dev.bulkhead.agent.ota;

import dev.bulkhead.contract.proto.MetadataBundle;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What separates bytes from the network from orders: verifies both repositories and keeps what it accepted, so that older
 * metadata is refused from then on (ota.md, Trust metadata). Called on the client's strand only, unless said otherwise.
 */
public interface TrustGate {
    /** What became of a bundle. A refused bundle changes nothing that was accepted before, but newer roots. */
    sealed interface Verdict {
        /** Everything verified; the complete list of what this vehicle should run. */
        record Accepted(List<Assignment> assignments) implements Verdict {
            public Accepted {
                assignments = List.copyOf(assignments);
            }
        }

        /**
         * Not believed.
         *
         * @param kind the attack it looks like, a stable word: {@code rollback}, {@code freeze}, …
         * @param detail which file, what is wrong with it, and the limit
         */
        record Refused(String kind, String detail) implements Verdict {
            public Refused {
                Objects.requireNonNull(kind, "kind");
                Objects.requireNonNull(detail, "detail");
            }
        }

        /** Our own disk failed: nobody is accused, and the same bundle may be accepted later. */
        record Undecided(String cause) implements Verdict {
            public Undecided {
                Objects.requireNonNull(cause, "cause");
            }
        }
    }

    /** Version of the newest director root held. */
    long directorRootVersion();

    /** Version of the newest image root held. */
    long imageRootVersion();

    Verdict examine(MetadataBundle bundle);

    /** Key ids of vendor keys the OEM has withdrawn, by the metadata accepted last. From any thread. */
    Set<String> revokedVendorKeys();
}
