package dev.bulkhead.security.audit;

import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.note.Checkpoint;
import java.util.List;
import java.util.Optional;

/**
 * What a fleet believes of one vehicle's log: the newest head that was proved to extend the one before. Judges the next
 * head; keeps nothing itself, its owner stores {@link #newest()}. Immutable.
 *
 * @param newest the last accepted head, if there was one; its signature was checked
 */
public record CheckpointLedger(Optional<Checkpoint> newest) {
    /** What to make of a head. */
    public sealed interface Judgement {
        /** It extends the newest head: accept it. */
        record Extends(CheckpointLedger next) implements Judgement {}

        /** It is the newest head once more. */
        record Repeats() implements Judgement {}

        /**
         * It may be right, but the proof does not start where the ledger stands; ask for one that does.
         *
         * @param from the size the proof has to start at
         */
        record Unproved(long from) implements Judgement {}

        /** It contradicts the newest head: both notes together prove that the vehicle rewrote its history. */
        record Rewritten(String why) implements Judgement {}
    }

    /** Knows nothing yet. */
    public static CheckpointLedger empty() {
        return new CheckpointLedger(Optional.empty());
    }

    /**
     * Judges a head whose signature was checked.
     *
     * @param provenFrom the size of the tree the proof starts at
     * @param proof the RFC 6962 consistency proof from there to {@code next}
     */
    public Judgement judge(Checkpoint next, long provenFrom, List<Hash> proof) {
        if (newest.isEmpty()) {
            return new Judgement.Extends(new CheckpointLedger(Optional.of(next)));
        }
        Checkpoint last = newest.get();
        if (!next.origin().equals(last.origin())) {
            return new Judgement.Rewritten("it is a head of " + next.origin() + ", not of " + last.origin());
        }
        if (next.size() == last.size()) {
            return next.root().equals(last.root())
                    ? new Judgement.Repeats()
                    : new Judgement.Rewritten("two different heads of " + last.size() + " entries are signed");
        }
        if (next.size() < last.size()) {
            return new Judgement.Rewritten("the log had " + last.size() + " entries and now has " + next.size());
        }
        return extension(last, next, provenFrom, proof);
    }

    private static Judgement extension(Checkpoint last, Checkpoint next, long provenFrom, List<Hash> proof) {
        if (Proofs.consistent(last.size(), last.root(), next.size(), next.root(), proof)) {
            return new Judgement.Extends(new CheckpointLedger(Optional.of(next)));
        }
        if (provenFrom != last.size()) {
            return new Judgement.Unproved(last.size());
        }
        return new Judgement.Rewritten("the log of " + next.size() + " entries is not shown to begin with the "
                + last.size() + " entries of the last head");
    }
}
