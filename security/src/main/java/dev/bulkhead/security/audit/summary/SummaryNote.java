package dev.bulkhead.security.audit.summary;

import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteException;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.audit.note.SignedNote;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The signature over a page. Its text has four lines, so that no checkpoint can be taken for one: what it is, whose log,
 * the size and root it is bound to, the page's SHA-256.
 */
final class SummaryNote {
    private static final String FIRST_LINE = "bulkhead audit summary v1";

    private SummaryNote() {}

    static SignedNote sign(byte[] page, Checkpoint head, NoteSigner signer) {
        return SignedNote.sign(text(page, head), head.origin(), signer);
    }

    /** Throws unless the log's key signed this page for this head. */
    static void require(byte[] note, byte[] page, Checkpoint head, NoteKey key) {
        try {
            if (SignedNote.parse(note).textSignedBy(key).equals(text(page, head))) {
                return;
            }
        } catch (NoteException e) {
            throw new SummaryException("the summary's signature is not to be believed: " + e.getMessage());
        }
        throw new SummaryException("what was signed is another summary or another head");
    }

    private static String text(byte[] page, Checkpoint head) {
        return FIRST_LINE + "\n" + head.origin() + "\n" + head.size() + " "
                + head.root().base64() + "\n" + Base64.getEncoder().encodeToString(sha256(page)) + "\n";
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
