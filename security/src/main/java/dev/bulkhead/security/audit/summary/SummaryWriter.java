package dev.bulkhead.security.audit.summary;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.contract.proto.ProvedEntry;
import dev.bulkhead.contract.proto.TouchSum;
import dev.bulkhead.security.audit.ChangedTouches;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleTree;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteSigner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes the next page of what the fleet was not told yet. Not thread-safe; open one for each reader. */
public final class SummaryWriter {
    private final LogReader reader;
    private final Checkpoint head;
    private final MerkleTree tree;

    /** Something that changed, by the index of its newest entry; made into its message only when it fits. */
    private record Change(long index, Item item) {}

    private sealed interface Item {
        @SuppressWarnings("ArrayRecordComponent") // a row, never compared
        record Declared(byte[] entry) implements Item {}

        record Touched(Touch touch, Tally tally) implements Item {}
    }

    /** @param head a signed head of the log, not larger than what the reader sees */
    public SummaryWriter(LogReader reader, Checkpoint head) {
        this.reader = reader;
        this.head = head;
        this.tree = reader.tree(head.size());
    }

    /**
     * The page that begins at {@code from}, at most half a megabyte; its {@code to} is the head's size when nothing is
     * left.
     *
     * @param from how much the fleet was told already; more than there is counts as nothing told
     */
    public AuditSummary page(long from) {
        long begin = from < 0 || from > head.size() ? 0 : from;
        List<Change> changes = changes(begin);
        AuditSummary.Builder page = AuditSummary.newBuilder()
                .setTreeSize(head.size())
                .setFrom(begin)
                .setTo(head.size())
                .setFirstRetained(reader.firstRetained());
        long bytes = 0;
        int count = 0;
        for (Change change : changes) {
            bytes += add(page, change);
            count++;
            boolean last = count == changes.size();
            if (!last && (count == SummaryLimits.ITEMS || bytes > SummaryLimits.PAGE_BYTES * 3L / 4)) {
                return page.setTo(change.index() + 1).build();
            }
        }
        return page.build();
    }

    /** The signature that goes with a page. */
    public byte[] sign(AuditSummary page, NoteSigner signer) {
        return sign(page.toByteArray(), head, signer);
    }

    /** The signature over the bytes of a page that is bound to {@code head}. */
    public static byte[] sign(byte[] page, Checkpoint head, NoteSigner signer) {
        return SummaryNote.sign(page, head, signer).bytes();
    }

    private List<Change> changes(long from) {
        ChangedTouches changed = ChangedTouches.between(reader, from, head.size());
        List<Change> changes = new ArrayList<>();
        changed.declarations().forEach(d -> changes.add(new Change(d.index(), new Item.Declared(d.entry()))));
        changed.touches()
                .forEach((touch, tally) -> changes.add(new Change(tally.lastIndex(), new Item.Touched(touch, tally))));
        changes.sort(Comparator.comparingLong(Change::index));
        return changes;
    }

    /** Adds a change and says how many bytes that took, about. */
    private int add(AuditSummary.Builder page, Change change) {
        return switch (change.item()) {
            case Item.Declared declared -> {
                ProvedEntry proved = proved(change.index(), declared.entry());
                page.addDeclarations(proved);
                yield proved.getSerializedSize();
            }
            case Item.Touched touched -> {
                TouchSum sum = sum(touched.touch(), touched.tally());
                page.addTouches(sum);
                yield sum.getSerializedSize();
            }
        };
    }

    private TouchSum sum(Touch touch, Tally tally) {
        TouchSum.Builder sum = TouchSum.newBuilder()
                .setAppId(touch.app())
                .setVersion(touch.version())
                .setVendor(touch.vendor())
                .setKind(Kinds.of(touch.kind()))
                .setAccess(touch.access())
                .setRule(touch.rule())
                .setCount(tally.count())
                .setBytes(tally.bytes())
                .setFirstUnixMs(tally.firstMillis())
                .setLastUnixMs(tally.lastMillis())
                .setFirstIndex(tally.firstIndex())
                .setLastIndex(tally.lastIndex())
                .setPeakPerSecond(tally.peakPerSecond());
        tally.least().ifPresent(sum::setLeast);
        tally.greatest().ifPresent(sum::setGreatest);
        if (Kinds.wantsProof(touch.kind())) {
            sum.setNewest(proved(tally.lastIndex(), reader.entry(tally.lastIndex())));
        }
        return sum.build();
    }

    private ProvedEntry proved(long index, byte[] entry) {
        List<ByteString> path = tree.inclusionProof(index).stream()
                .map(Hash::bytes)
                .map(ByteString::copyFrom)
                .toList();
        return ProvedEntry.newBuilder()
                .setIndex(index)
                .setEntry(ByteString.copyFrom(entry))
                .setProof(ByteString.copyFrom(path))
                .build();
    }
}
