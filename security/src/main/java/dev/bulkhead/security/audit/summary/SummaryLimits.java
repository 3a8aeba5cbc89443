package dev.bulkhead.security.audit.summary;

/** How large a page may be; the writer stays below, the reader refuses more. */
final class SummaryLimits {
    /** Bytes of a page, well below what the fleet's broker takes in one message. */
    static final int PAGE_BYTES = 512 * 1024;

    /** Declarations and touches on a page. */
    static final int ITEMS = 1024;

    /** Characters in an id, a capability line, a rule. */
    static final int TEXT = 4096;

    /** Hashes in a proof. */
    static final int HASHES = 64;

    private SummaryLimits() {}
}
