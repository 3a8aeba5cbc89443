package dev.bulkhead.security.audit.note;

import dev.bulkhead.security.audit.merkle.Hash;
import java.util.regex.Pattern;

/**
 * The head of a log (C2SP tlog-checkpoint): whose log, how many entries, and the root over them.
 *
 * @param origin names the log, for instance {@code bulkhead/vehicle/VIN42}; no spaces, no plus signs
 * @param size entries in the log, at least 0
 * @param root the RFC 6962 root over them
 */
public record Checkpoint(String origin, long size, Hash root) {
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

    /** Checks origin and size. */
    public Checkpoint {
        NoteKey.requireName(origin);
        if (size < 0) {
            throw new NoteException("a log cannot have " + size + " entries");
        }
    }

    /** The three lines that are signed. */
    public String text() {
        return origin + "\n" + size + "\n" + root.base64() + "\n";
    }

    /** Signs this head under the origin as key name. */
    public SignedNote sign(NoteSigner signer) {
        return SignedNote.sign(text(), origin, signer);
    }

    /**
     * Reads a stored or received checkpoint and checks who signed it.
     *
     * @throws NoteException if it is malformed, not signed by the key, or the log's name is not the key's
     */
    public static Checkpoint open(byte[] note, NoteKey key) {
        SignedNote signed = SignedNote.parse(note);
        Checkpoint checkpoint = parse(signed.textSignedBy(key));
        if (!checkpoint.origin().equals(key.name())) {
            throw new NoteException("the checkpoint is of " + checkpoint.origin() + ", the key of " + key.name());
        }
        return checkpoint;
    }

    /** Reads the signed lines; further lines (extensions) are refused, nobody here writes any. */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4 || !lines[3].isEmpty()) {
            throw new NoteException("a checkpoint has three lines: origin, size, root");
        }
        Hash root = Hash.of(requireHash(SignedNote.base64(lines[2], "the root hash")));
        return new Checkpoint(lines[0], parseSize(lines[1]), root);
    }

    private static byte[] requireHash(byte[] bytes) {
        if (bytes.length != Hash.SIZE) {
            throw new NoteException("the root hash has " + bytes.length + " bytes, not " + Hash.SIZE);
        }
        return bytes;
    }

    private static long parseSize(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new NoteException("not a log size: '" + SignedNote.shorten(text) + "'");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new NoteException("not a log size: '" + text + "'");
        }
    }
}
