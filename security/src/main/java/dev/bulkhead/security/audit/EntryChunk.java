package dev.bulkhead.security.audit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries one after the other, each behind its length in two bytes, big-endian: an entry bundle of tlog-tiles. */
public final class EntryChunk {
    /** The most bytes an entry may have. */
    public static final int MAX_ENTRY = 0xFFFF;

    private EntryChunk() {}

    /** Puts a chunk together. */
    public static byte[] encode(List<byte[]> entries) {
        var out = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY) {
                throw new AuditException("an audit entry has at most " + MAX_ENTRY + " bytes, not " + entry.length);
            }
            out.write(entry.length >>> 8);
            out.write(entry.length);
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    /**
     * Takes a chunk apart.
     *
     * @throws AuditException if an entry is cut off
     */
    public static List<byte[]> decode(byte[] chunk) {
        List<byte[]> entries = new ArrayList<>();
        int at = 0;
        while (at < chunk.length) {
            int length = at + 2 <= chunk.length ? (chunk[at] & 0xff) << 8 | (chunk[at + 1] & 0xff) : Integer.MAX_VALUE;
            if (length > chunk.length - at - 2) {
                throw new AuditException("entry " + entries.size() + " of a bundle is cut off at byte " + at);
            }
            entries.add(Arrays.copyOfRange(chunk, at + 2, at + 2 + length));
            at += 2 + length;
        }
        return entries;
    }
}
