package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.LogReader.EntryVisitor;
import dev.bulkhead.security.audit.merkle.GrowingTree;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.merkle.TileBuilder;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies an exported log with nothing but the export and the vehicle's public key: every byte of it is either
 * covered by the signed root or compared with what the covered bytes give. Reads each file once, in order; memory does
 * not grow with the log, but for the list of paths. One use, one thread.
 */
public final class AuditVerifier {
    /** Findings after which the verifier stops listing. */
    public static final int MAX_FINDINGS = 100;

    private final LogFiles files;
    private final NoteKey key;
    private final Optional<Checkpoint> known;
    private final EntryVisitor visitor;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> expected = new HashSet<>();

    /** A verifier that keeps nothing of the entries. */
    public AuditVerifier(LogFiles files, NoteKey key) {
        this(files, key, Optional.empty(), (index, entry) -> true);
    }

    /**
     * A verifier that also compares with a head from elsewhere, and shows the entries to somebody.
     *
     * @param known a head of this log that someone else kept, the fleet for instance; its signature was checked
     * @param visitor sees every entry, before it is known whether the log is genuine
     */
    public AuditVerifier(LogFiles files, NoteKey key, Optional<Checkpoint> known, EntryVisitor visitor) {
        this.files = files;
        this.key = key;
        this.known = known;
        this.visitor = visitor;
    }

    /**
     * Verifies.
     *
     * @throws EvidenceException if the export cannot be read
     */
    public VerifiedLog verify() {
        Optional<Checkpoint> head = head();
        if (head.isEmpty()) {
            return new VerifiedLog(head, 0, 0, findings);
        }
        long size = head.get().size();
        var heads = new SignedHeads(files, key, head.get(), known, this::report);
        expected.addAll(List.of(LogLayout.CHECKPOINT, LogLayout.HISTORY));
        var walk = new LeafWalk(files, size, visitor, this::report);
        var tiles = new TileBuilder();
        var tree = new GrowingTree();
        var stored = new GrowingTree();
        heads.reached(tree);
        for (Iterator<Tile> each = LogLayout.bundles(size); each.hasNext(); ) {
            Tile tile = each.next();
            LeafWalk.Leaves leaves = walk.next(tile);
            expected.add(tile.entriesPath());
            leaves.computed().forEach(leaf -> {
                tree.appendLeaf(leaf);
                heads.reached(tree);
            });
            leaves.stored().forEach(leaf -> {
                tiles.append(leaf);
                stored.appendLeaf(leaf);
            });
            if ((tile.index() + 1) % Tile.WIDTH == 0) {
                tiles.drainFinished(this::compareTile);
            }
        }
        tiles.drain(this::compareTile);
        conclude(head.get(), walk, tree.root(), stored.root(), heads);
        return new VerifiedLog(head, walk.firstRetained(), heads.verified(), findings);
    }

    private Optional<Checkpoint> head() {
        Optional<byte[]> note = files.read(LogLayout.CHECKPOINT, 1 << 16);
        if (note.isEmpty()) {
            report(new Finding(Finding.Kind.CHECKPOINT, -1, LogLayout.CHECKPOINT, "there is no checkpoint"));
            return Optional.empty();
        }
        try {
            return Optional.of(Checkpoint.open(note.get(), key));
        } catch (NoteException e) {
            report(new Finding(
                    Finding.Kind.CHECKPOINT,
                    -1,
                    LogLayout.CHECKPOINT,
                    "the head is not to be believed: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private void compareTile(Tile tile, byte[] hashes) {
        expected.add(tile.path());
        if (tile.level() == 0) {
            return;
        }
        Optional<byte[]> there = files.read(tile.path(), LogLayout.MAX_TILE);
        if (there.isEmpty() || !Arrays.equals(there.get(), hashes)) {
            long first = tile.index() << (Tile.HEIGHT * (tile.level() + 1));
            String what = there.isEmpty() ? "is missing" : "does not hold the hashes of the tiles beneath it";
            report(new Finding(Finding.Kind.HASHES, first, tile.path(), tile.path() + " " + what));
        }
    }

    private void conclude(Checkpoint head, LeafWalk walk, Hash root, Hash storedRoot, SignedHeads heads) {
        walk.explain(root.equals(head.root()), storedRoot.equals(head.root()));
        if (!root.equals(head.root()) && walk.entriesAgree()) {
            report(new Finding(
                    Finding.Kind.CHANGED,
                    heads.lastGood(),
                    LogLayout.CHECKPOINT,
                    "entries and hashes were rewritten together: something in the entries " + heads.lastGood() + ".."
                            + (heads.firstBad(head.size()) - 1) + " is not what was signed"));
        }
        for (String path : files.paths()) {
            if (!expected.contains(path)) {
                report(new Finding(Finding.Kind.UNEXPECTED, -1, path, path + " does not belong to this log"));
            }
        }
    }

    private void report(Finding finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        }
    }
}
