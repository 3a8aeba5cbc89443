package dev.bulkhead.security.audit.merkle;

/** A tree that cannot answer: a hash it should hold is missing, or has the wrong size. */
public final class MerkleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what is missing and where. */
    public MerkleException(String message) {
        super(message);
    }
}
