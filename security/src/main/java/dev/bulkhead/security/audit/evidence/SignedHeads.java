package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.merkle.GrowingTree;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/** All heads that were ever signed, compared with the tree as it grows past their sizes. */
final class SignedHeads {
    private final Consumer<Finding> report;
    private final Checkpoint head;
    private final Optional<Checkpoint> known;
    private final Deque<Checkpoint> ahead = new ArrayDeque<>();
    private int verified;
    private long lastGood;
    private long firstBad = Long.MAX_VALUE;

    SignedHeads(LogFiles files, NoteKey key, Checkpoint head, Optional<Checkpoint> known, Consumer<Finding> report) {
        this.report = report;
        this.head = head;
        this.known = known;
        files.read(LogLayout.HISTORY, LogLayout.MAX_HISTORY)
                .ifPresentOrElse(
                        bytes -> read(bytes, key),
                        () -> finding(Finding.Kind.CHECKPOINT, -1, "the list of older checkpoints is missing"));
        known.filter(other -> other.size() > head.size())
                .ifPresent(other -> finding(
                        Finding.Kind.TRUNCATED,
                        head.size(),
                        "the log ends at " + head.size() + ", but a head of " + other.size() + " entries is known"));
    }

    private void finding(Finding.Kind kind, long index, String what) {
        report.accept(new Finding(kind, index, LogLayout.HISTORY, what));
    }

    private void read(byte[] bytes, NoteKey key) {
        // ISO 8859-1 keeps every byte as one character, so each note is checked as the bytes it is
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < all.length()) {
            int gap = all.indexOf("\n\n", at);
            int end = gap < 0 ? -1 : all.indexOf("\n\n", gap + 2);
            String note = end < 0 ? all.substring(at) : all.substring(at, end + 1);
            at = end < 0 ? all.length() : end + 2;
            add(note.getBytes(StandardCharsets.ISO_8859_1), key);
        }
        if (ahead.isEmpty() || !ahead.getLast().equals(head)) {
            finding(Finding.Kind.CHECKPOINT, -1, "the list of checkpoints does not end with the head");
        }
    }

    private void add(byte[] note, NoteKey key) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.open(note, key);
        } catch (NoteException e) {
            long after = ahead.isEmpty() ? 0 : ahead.getLast().size();
            finding(
                    Finding.Kind.CHECKPOINT,
                    after,
                    "the checkpoint after the one of " + after + " entries is not to be believed: " + e.getMessage());
            return;
        }
        if (!ahead.isEmpty() && checkpoint.size() <= ahead.getLast().size()) {
            finding(Finding.Kind.CHECKPOINT, checkpoint.size(), "the list of checkpoints is not in order");
            return;
        }
        if (checkpoint.size() > head.size()) {
            finding(
                    Finding.Kind.TRUNCATED,
                    head.size(),
                    "the vehicle signed " + checkpoint.size() + " entries, the head has " + head.size());
            return;
        }
        ahead.add(checkpoint);
    }

    /** The tree has grown by one leaf, or just begins. */
    void reached(GrowingTree tree) {
        while (!ahead.isEmpty() && ahead.getFirst().size() == tree.size()) {
            compare(ahead.removeFirst(), tree, false);
        }
        known.filter(other -> other.size() == tree.size()).ifPresent(other -> compare(other, tree, true));
    }

    private void compare(Checkpoint signed, GrowingTree tree, boolean elsewhere) {
        verified++;
        if (signed.root().equals(tree.root())) {
            lastGood = Math.max(lastGood, Math.min(signed.size(), firstBad));
            return;
        }
        if (firstBad == Long.MAX_VALUE || elsewhere) {
            firstBad = Math.min(firstBad, signed.size());
            finding(
                    elsewhere || signed.size() < head.size() ? Finding.Kind.FORKED : Finding.Kind.CHANGED,
                    lastGood,
                    "the first " + signed.size() + " entries are not those that were signed as such"
                            + (elsewhere ? " (by the head known from elsewhere)" : "")
                            + "; up to entry " + lastGood + " they are");
        }
    }

    int verified() {
        return verified;
    }

    /** The size of the newest head before the first that does not fit. */
    long lastGood() {
        return lastGood;
    }

    long firstBad(long otherwise) {
        return Math.min(firstBad, otherwise);
    }
}
