package dev.bulkhead.agent.sandbox;

/** What came of asking an instance for its state. */
public sealed interface Saved {
    /** It gave these bytes. */
    @SuppressWarnings("ArrayRecordComponent") // handed from one guest to the next, never compared
    record State(byte[] bytes) implements Saved {}

    /** It gave nothing that can be handed over, and can go on; {@code why} says what {@code export} did instead. */
    record Refused(String export, String why) implements Saved {}

    /** It was trapped or killed, and is spent. */
    record Ended(Outcome outcome) implements Saved {}
}
