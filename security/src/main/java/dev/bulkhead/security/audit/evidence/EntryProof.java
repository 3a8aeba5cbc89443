package dev.bulkhead.security.audit.evidence;

import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.MerkleTree;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.SignedNote;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * That one entry stands in the log, provable without the log: the entry, its path to the root, the signed head. Written
 * as a C2SP tlog-proof with the entry as its extra data.
 */
public final class EntryProof {
    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";
    private static final int MAX_BYTES = 1 << 18;
    private static final int MAX_HASHES = 63;

    private final long index;
    private final byte[] entry;
    private final List<Hash> path;
    private final byte[] note;

    private EntryProof(long index, byte[] entry, List<Hash> path, byte[] note) {
        this.index = index;
        this.entry = entry.clone();
        this.path = List.copyOf(path);
        this.note = note.clone();
    }

    /**
     * Proves an entry under the newest stored head.
     *
     * @throws EvidenceException if there is no head yet that covers the entry
     */
    public static EntryProof of(LogReader reader, long index) {
        byte[] note = reader.newestCheckpoint()
                .orElseThrow(() -> new EvidenceException("the log has no checkpoint yet; make one first"));
        long size = Checkpoint.parse(SignedNote.parse(note).text()).size();
        if (index < 0 || index >= size) {
            throw new EvidenceException("entry " + index + " is not covered by the newest head of " + size
                    + " entries; wait for the next one");
        }
        MerkleTree tree = reader.tree(size);
        return new EntryProof(index, reader.entry(index), tree.inclusionProof(index), note);
    }

    /** Puts a proof together that came in parts. */
    public static EntryProof of(long index, byte[] entry, List<Hash> path, byte[] note) {
        return new EntryProof(index, entry, path, note);
    }

    /**
     * Reads a proof.
     *
     * @throws EvidenceException if it is malformed
     */
    public static EntryProof parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new EvidenceException("a proof has at most " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int gap = text.indexOf("\n\n");
        if (gap < 0) {
            throw new EvidenceException("a proof is some lines, an empty line and a checkpoint; this is not");
        }
        String[] lines = text.substring(0, gap).split("\n", -1);
        boolean headed = lines.length >= 3
                && lines[0].equals(FIRST_LINE)
                && lines[1].startsWith(EXTRA)
                && lines[2].matches(INDEX + "(0|[1-9][0-9]{0,17})");
        if (!headed || lines.length > MAX_HASHES + 3) {
            throw new EvidenceException(
                    "a proof begins with '" + FIRST_LINE + "', 'extra <entry>', 'index <n>', then at most 63 hashes");
        }
        List<Hash> path = new ArrayList<>();
        for (int i = 3; i < lines.length; i++) {
            path.add(hash(lines[i]));
        }
        byte[] note = text.substring(gap + 2).getBytes(StandardCharsets.UTF_8);
        return new EntryProof(
                Long.parseLong(lines[2].substring(INDEX.length())),
                base64(lines[1].substring(EXTRA.length())),
                path,
                note);
    }

    private static Hash hash(String line) {
        byte[] bytes = base64(line);
        if (bytes.length != Hash.SIZE) {
            throw new EvidenceException("a hash has " + Hash.SIZE + " bytes, not " + bytes.length);
        }
        return Hash.of(bytes);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new EvidenceException("not base64: " + e.getMessage());
        }
    }

    /** The proof as a file. */
    public byte[] bytes() {
        Base64.Encoder encoder = Base64.getEncoder();
        var lines = new StringBuilder(FIRST_LINE).append('\n');
        lines.append(EXTRA).append(encoder.encodeToString(entry)).append('\n');
        lines.append(INDEX).append(index).append('\n');
        path.forEach(hash -> lines.append(hash.base64()).append('\n'));
        var out = new ByteArrayOutputStream();
        out.writeBytes(lines.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(note);
        return out.toByteArray();
    }

    /**
     * Checks the proof.
     *
     * @return what is wrong with it; empty if the vehicle with this key signed a log that has the entry at this place
     */
    public Optional<String> objection(NoteKey key) {
        Checkpoint head;
        try {
            head = Checkpoint.open(note, key);
        } catch (NoteException e) {
            return Optional.of("the head is not to be believed: " + e.getMessage());
        }
        return holdsUnder(head)
                ? Optional.empty()
                : Optional.of("the entry is not at " + index + " in the log of " + head.size() + " entries");
    }

    /** Whether the entry stands in the log that has this head, which is believed already. */
    public boolean holdsUnder(Checkpoint head) {
        return Proofs.includes(index, new TreeHasher().leaf(entry), head.size(), head.root(), path);
    }

    /** The place of the entry. */
    public long index() {
        return index;
    }

    /** The entry's bytes; believe them when there is no {@link #objection}. */
    public byte[] entry() {
        return entry.clone();
    }
}
