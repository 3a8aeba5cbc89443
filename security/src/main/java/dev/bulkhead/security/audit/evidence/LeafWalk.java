package dev.bulkhead.security.audit.evidence;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.EntryChunk;
import dev.bulkhead.security.audit.LogReader.EntryVisitor;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Tile;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Walks over the bundles of entries and the level-0 tiles beside them, and explains where the two part. */
final class LeafWalk {
    private final LogFiles files;
    private final long size;
    private final EntryVisitor visitor;
    private final Consumer<Finding> report;
    private final TreeHasher hasher = new TreeHasher();
    private final long firstRetained;
    private final List<Difference> differences = new ArrayList<>();
    private long newestMillis = Long.MIN_VALUE;
    private long droppedBefore;

    /** The hashes of one bundle: as its entries give them (as stored, where they were dropped), and as stored. */
    record Leaves(List<Hash> computed, List<Hash> stored) {}

    private record Difference(Tile tile, int place, Leaves leaves) {
        long index() {
            return tile.index() * Tile.WIDTH + place;
        }
    }

    LeafWalk(LogFiles files, long size, EntryVisitor visitor, Consumer<Finding> report) {
        this.files = files;
        this.size = size;
        this.visitor = visitor;
        this.report = report;
        this.firstRetained = findFirstRetained();
    }

    private long findFirstRetained() {
        Set<String> paths = files.paths();
        for (var each = LogLayout.bundles(size); each.hasNext(); ) {
            Tile tile = each.next();
            if (paths.contains(tile.entriesPath())) {
                return tile.index() * Tile.WIDTH;
            }
        }
        return size;
    }

    long firstRetained() {
        return firstRetained;
    }

    boolean entriesAgree() {
        return differences.isEmpty();
    }

    Leaves next(Tile tile) {
        List<Hash> stored = storedHashes(tile);
        if (tile.index() * Tile.WIDTH < firstRetained) {
            return new Leaves(stored, stored);
        }
        List<Hash> computed = computedHashes(tile);
        var leaves = new Leaves(computed, stored);
        compare(tile, leaves);
        return leaves;
    }

    private List<Hash> storedHashes(Tile tile) {
        byte[] bytes = files.read(tile.path(), LogLayout.MAX_TILE).orElse(new byte[0]);
        if (bytes.length != tile.width() * Hash.SIZE) {
            report.accept(new Finding(
                    Finding.Kind.HASHES,
                    tile.index() * Tile.WIDTH,
                    tile.path(),
                    tile.path() + " has " + bytes.length + " bytes, not " + tile.width() * Hash.SIZE));
        }
        List<Hash> hashes = new ArrayList<>();
        for (int i = 0; i + Hash.SIZE <= bytes.length && hashes.size() < tile.width(); i += Hash.SIZE) {
            hashes.add(Hash.at(bytes, i));
        }
        return hashes;
    }

    private List<Hash> computedHashes(Tile tile) {
        List<byte[]> entries = entries(tile);
        List<Hash> hashes = new ArrayList<>();
        long index = tile.index() * Tile.WIDTH;
        for (byte[] entry : entries) {
            hashes.add(hasher.leaf(entry));
            look(index, entry, tile);
            visitor.visit(index, entry);
            index++;
        }
        return hashes;
    }

    private List<byte[]> entries(Tile tile) {
        long first = tile.index() * Tile.WIDTH;
        Optional<byte[]> bundle = files.read(tile.entriesPath(), LogLayout.MAX_BUNDLE);
        if (bundle.isEmpty()) {
            finding(Finding.Kind.TRUNCATED, first, tile, "the entries " + first + ".." + last(tile) + " are missing");
            return List.of();
        }
        try {
            List<byte[]> entries = EntryChunk.decode(bundle.get());
            if (entries.size() != tile.width()) {
                boolean fewer = entries.size() < tile.width();
                finding(
                        fewer ? Finding.Kind.REMOVED : Finding.Kind.INSERTED,
                        first,
                        tile,
                        "the bundle of the entries " + first + ".." + last(tile) + " holds " + entries.size());
            }
            return entries;
        } catch (AuditException e) {
            finding(Finding.Kind.CHANGED, first, tile, "from entry " + first + " on: " + e.getMessage());
            return List.of();
        }
    }

    private static long last(Tile tile) {
        return tile.index() * Tile.WIDTH + tile.width() - 1;
    }

    private void look(long index, byte[] bytes, Tile tile) {
        try {
            AuditEntry entry = AuditEntry.parseFrom(bytes);
            if (entry.getUnixMs() < newestMillis) {
                finding(Finding.Kind.MALFORMED, index, tile, "time goes back at entry " + index);
            }
            newestMillis = Math.max(newestMillis, entry.getUnixMs());
            droppedBefore = Math.max(droppedBefore, entry.getDropped().getBefore());
        } catch (InvalidProtocolBufferException e) {
            finding(
                    Finding.Kind.MALFORMED,
                    index,
                    tile,
                    "entry " + index + " is not an audit entry: " + e.getMessage());
        }
    }

    private void compare(Tile tile, Leaves leaves) {
        int common = Math.min(leaves.computed().size(), leaves.stored().size());
        for (int place = 0; place < common && differences.size() < AuditVerifier.MAX_FINDINGS; place++) {
            if (!leaves.computed().get(place).equals(leaves.stored().get(place))) {
                differences.add(new Difference(tile, place, leaves));
            }
        }
    }

    /**
     * Says what the differences mean.
     *
     * @param entriesSigned whether the entries give the signed root
     * @param hashesSigned whether the stored hashes do
     */
    void explain(boolean entriesSigned, boolean hashesSigned) {
        if (firstRetained > droppedBefore && firstRetained > 0) {
            report.accept(new Finding(
                    Finding.Kind.REMOVED,
                    droppedBefore,
                    "tile/entries",
                    "the entries " + droppedBefore + ".." + (firstRetained - 1)
                            + " are missing, nothing dropped them"));
        }
        int skip = 0;
        for (Difference difference : differences) {
            if (skip > 0) {
                skip--;
            } else {
                skip = entriesSigned ? hashesWrong(difference) : entryWrong(difference, hashesSigned);
            }
        }
    }

    private int hashesWrong(Difference at) {
        String what = "the hash of entry " + at.index() + " is not the entry's; the entry is what was signed";
        report.accept(new Finding(Finding.Kind.HASHES, at.index(), at.tile().path(), what));
        return 0;
    }

    /** Explains one difference; returns how many of the next ones it explains too. */
    private int entryWrong(Difference at, boolean hashesSigned) {
        List<Hash> computed = at.leaves().computed();
        List<Hash> stored = at.leaves().stored();
        Hash found = computed.get(at.place());
        int other = stored.indexOf(found);
        long first = at.tile().index() * Tile.WIDTH;
        if (same(computed, at.place(), stored, at.place() + 1)) {
            finding(Finding.Kind.REMOVED, at.index(), at.tile(), "entry " + at.index() + " was taken out");
            return Integer.MAX_VALUE;
        }
        if (same(computed, at.place() + 1, stored, at.place())) {
            finding(Finding.Kind.INSERTED, at.index(), at.tile(), "entry " + at.index() + " was put in");
            return Integer.MAX_VALUE;
        }
        if (other >= 0) {
            finding(
                    Finding.Kind.REORDERED,
                    at.index(),
                    at.tile(),
                    "entry " + (first + other) + " stands in the place of entry " + at.index());
            return 0;
        }
        String sure = hashesSigned ? "" : " (the hashes were touched as well)";
        finding(Finding.Kind.CHANGED, at.index(), at.tile(), "entry " + at.index() + " was changed" + sure);
        return 0;
    }

    /** Whether everything from one place on equals everything from the other place on, and there is such a thing. */
    private static boolean same(List<Hash> a, int fromA, List<Hash> b, int fromB) {
        int length = Math.min(a.size() - fromA, b.size() - fromB);
        return length > 0 && a.subList(fromA, fromA + length).equals(b.subList(fromB, fromB + length));
    }

    private void finding(Finding.Kind kind, long index, Tile tile, String what) {
        report.accept(new Finding(kind, index, tile.entriesPath(), what));
    }
}
