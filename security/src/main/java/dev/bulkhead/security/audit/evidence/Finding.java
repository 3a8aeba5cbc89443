package dev.bulkhead.security.audit.evidence;

/**
 * One thing that is wrong with a log.
 *
 * @param index the first entry concerned, −1 if it is none in particular
 * @param path the file it was found in
 * @param what one sentence
 */
public record Finding(Kind kind, long index, String path, String what) {
    /** What kind of tampering it looks like. */
    public enum Kind {
        /** The head, or an older one, is malformed or not signed by the vehicle. */
        CHECKPOINT,
        /** An entry is not the one that was signed. */
        CHANGED,
        /** An entry was taken out, and what follows moved up. */
        REMOVED,
        /** An entry was put in. */
        INSERTED,
        /** Entries stand in another order than they were signed in. */
        REORDERED,
        /** The log ends before its head says, or before a head that others hold. */
        TRUNCATED,
        /** The vehicle signed two histories. */
        FORKED,
        /** A file of hashes is missing or not what it should be. */
        HASHES,
        /** A file that does not belong there. */
        UNEXPECTED,
        /** An entry is signed, but says nothing that can be read, or time goes back. */
        MALFORMED
    }
}
