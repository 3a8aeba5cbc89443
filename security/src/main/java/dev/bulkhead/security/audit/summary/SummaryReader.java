package dev.bulkhead.security.audit.summary;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.contract.proto.ProvedEntry;
import dev.bulkhead.contract.proto.TouchSum;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads a page with suspicion: its signature, its bounds, and for each entry it shows that the entry stands in the log
 * and says what the page says. One use.
 */
public final class SummaryReader {
    private final Checkpoint head;
    private final byte[] headNote;
    private final NoteKey key;

    /**
     * @param head the head the page has to be bound to, itself believed already
     * @param headNote the signed note of that head
     * @param key of the log
     */
    public SummaryReader(Checkpoint head, byte[] headNote, NoteKey key) {
        this.head = head;
        this.headNote = headNote.clone();
        this.key = key;
    }

    /**
     * Reads a page.
     *
     * @throws SummaryException if it is malformed, too large, not signed, or the log does not bear it out
     */
    public SummaryPage read(byte[] page, byte[] note) {
        require(
                page.length <= SummaryLimits.PAGE_BYTES,
                "a summary has " + page.length + " bytes, the limit is " + SummaryLimits.PAGE_BYTES);
        SummaryNote.require(note, page, head, key);
        AuditSummary summary = parse(page);
        require(summary.getTreeSize() == head.size(), "the summary is of " + summary.getTreeSize() + " entries");
        require(
                summary.getFrom() >= 0 && summary.getFrom() <= summary.getTo() && summary.getTo() <= head.size(),
                "the summary says something of [" + summary.getFrom() + ", " + summary.getTo() + ") of " + head.size());
        require(
                summary.getFirstRetained() >= 0 && summary.getFirstRetained() <= head.size(),
                "the first entry that is kept is " + summary.getFirstRetained() + " of " + head.size());
        require(
                summary.getDeclarationsCount() + summary.getTouchesCount() <= SummaryLimits.ITEMS,
                "a summary says at most " + SummaryLimits.ITEMS + " things");
        List<SummaryPage.Declaration> declarations = new ArrayList<>();
        summary.getDeclarationsList().forEach(proved -> declarations.add(declaration(summary, proved)));
        List<SummaryPage.Sum> touches = new ArrayList<>();
        summary.getTouchesList().forEach(sum -> touches.add(sum(summary, sum)));
        return new SummaryPage(
                head.size(), summary.getFrom(), summary.getTo(), summary.getFirstRetained(), declarations, touches);
    }

    private static AuditSummary parse(byte[] page) {
        try {
            return AuditSummary.parseFrom(page);
        } catch (InvalidProtocolBufferException e) {
            throw new SummaryException("not a summary: " + e.getMessage());
        }
    }

    private SummaryPage.Declaration declaration(AuditSummary summary, ProvedEntry proved) {
        requireWithin(summary, proved.getIndex());
        EntryProof proof = proof(proved);
        AuditEntry entry = entry(proved);
        require(entry.hasDeclared(), "entry " + proved.getIndex() + " declares nothing");
        requireShort(entry.getAppId(), entry.getVersion(), entry.getVendor());
        return new SummaryPage.Declaration(entry, proof);
    }

    private SummaryPage.Sum sum(AuditSummary summary, TouchSum sum) {
        requireShort(sum.getAppId(), sum.getVersion(), sum.getVendor(), sum.getAccess(), sum.getRule());
        requireWithin(summary, sum.getLastIndex());
        var touch = new Touch(
                sum.getAppId(),
                sum.getVersion(),
                sum.getVendor(),
                Kinds.of(sum.getKind()),
                sum.getAccess(),
                sum.getRule());
        Tally tally = tally(sum);
        Optional<EntryProof> newest = sum.hasNewest() ? Optional.of(newest(touch, tally, sum)) : Optional.empty();
        require(
                newest.isPresent() || !Kinds.wantsProof(touch.kind()),
                "no entry is shown for " + touch.kind() + " " + touch.access() + " of " + touch.app());
        return new SummaryPage.Sum(touch, tally, newest);
    }

    private static Tally tally(TouchSum sum) {
        require(sum.getCount() > 0 && sum.getBytes() >= 0, "a touch without a count: " + sum.getAccess());
        require(
                sum.getFirstIndex() >= 0 && sum.getFirstIndex() <= sum.getLastIndex(),
                "a touch whose first entry is " + sum.getFirstIndex() + ", its last " + sum.getLastIndex());
        require(sum.getFirstUnixMs() <= sum.getLastUnixMs(), "a touch that ended before it began: " + sum.getAccess());
        require(
                Double.isFinite(sum.getPeakPerSecond()) && sum.getPeakPerSecond() >= 0,
                "a peak of " + sum.getPeakPerSecond() + "/s");
        return new Tally(
                sum.getCount(),
                sum.getBytes(),
                sum.getFirstUnixMs(),
                sum.getLastUnixMs(),
                sum.getFirstIndex(),
                sum.getLastIndex(),
                sum.hasLeast() ? OptionalDouble.of(sum.getLeast()) : OptionalDouble.empty(),
                sum.hasGreatest() ? OptionalDouble.of(sum.getGreatest()) : OptionalDouble.empty(),
                sum.getPeakPerSecond());
    }

    private EntryProof newest(Touch touch, Tally tally, TouchSum sum) {
        ProvedEntry proved = sum.getNewest();
        require(
                proved.getIndex() == tally.lastIndex(),
                "entry " + proved.getIndex() + " is shown, not " + tally.lastIndex());
        EntryProof proof = proof(proved);
        var adder = new TouchTable.Adder();
        adder.add(proved.getIndex(), entry(proved));
        Optional<Tally> shown =
                Optional.ofNullable(adder.table(head.origin()).touches().get(touch));
        require(
                shown.isPresent(),
                "entry " + proved.getIndex() + " says something else than " + touch.kind() + " " + touch.access()
                        + " by " + touch.app());
        require(
                shown.map(Tally::count).orElse(0L) <= tally.count(),
                "entry " + proved.getIndex() + " alone counts more than the " + tally.count() + " of the summary");
        return proof;
    }

    private EntryProof proof(ProvedEntry proved) {
        ByteString run = proved.getProof();
        require(
                run.size() % Hash.SIZE == 0 && run.size() <= SummaryLimits.HASHES * Hash.SIZE,
                "the proof of entry " + proved.getIndex() + " has " + run.size() + " bytes");
        byte[] bytes = run.toByteArray();
        List<Hash> path = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += Hash.SIZE) {
            path.add(Hash.at(bytes, at));
        }
        EntryProof proof = EntryProof.of(proved.getIndex(), proved.getEntry().toByteArray(), path, headNote);
        require(
                proof.holdsUnder(head),
                "the entry shown as " + proved.getIndex() + " is not in the log of " + head.size() + " entries");
        return proof;
    }

    private static AuditEntry entry(ProvedEntry proved) {
        try {
            return LogReader.parse(proved.getIndex(), proved.getEntry().toByteArray());
        } catch (AuditException e) {
            throw new SummaryException(String.valueOf(e.getMessage()));
        }
    }

    private static void requireWithin(AuditSummary summary, long index) {
        require(
                index >= summary.getFrom() && index < summary.getTo(),
                "entry " + index + " lies outside of [" + summary.getFrom() + ", " + summary.getTo() + ")");
    }

    private static void requireShort(String... texts) {
        for (String text : texts) {
            require(text.length() <= SummaryLimits.TEXT, "a text of " + text.length() + " characters");
        }
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new SummaryException(complaint);
        }
    }
}
