package dev.bulkhead.security.audit;

/** Whether the log can record. Actuation asks {@link #mayActuate()} first: it stops before audit does. */
public sealed interface AuditCondition {
    /** All is well. */
    record Recording() implements AuditCondition {}

    /**
     * Entries are still recorded, but the disk has less free space than the reserve.
     *
     * @param usableBytes what is left
     * @param reserveBytes what should be
     */
    record SpaceLow(long usableBytes, long reserveBytes) implements AuditCondition {}

    /**
     * The last commit failed; its entries wait in memory for the next.
     *
     * @param why what the disk or database said
     */
    record Failing(String why) implements AuditCondition {}

    /** Whether actuators may be commanded. */
    default boolean mayActuate() {
        return this instanceof Recording;
    }

    /** One sentence for people. */
    default String inWords() {
        return switch (this) {
            case Recording recording -> "recording";
            case SpaceLow low ->
                "only " + low.usableBytes() + " bytes are free where the audit log lies, " + low.reserveBytes()
                        + " are reserved; actuation is stopped until space is freed";
            case Failing failing -> "the audit log cannot be written (" + failing.why() + "); actuation is stopped";
        };
    }
}
