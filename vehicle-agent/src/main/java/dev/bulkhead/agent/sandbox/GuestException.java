package dev.bulkhead.agent.sandbox;

/** A WebAssembly exception in flight: the only thing a guest's handlers can catch. Engine-internal; named by generated code. */
public final class GuestException extends RuntimeException {
    /** Index of the tag in its module. */
    public final int tag;

    /** Payload as raw bits. */
    public final long[] values;

    /** Upper halves of what is a vector in the payload; empty if the module has none. */
    public final long[] high;

    public GuestException(int tag, long[] values, long[] high) {
        super("tag " + tag, null, false, false);
        this.tag = tag;
        this.values = values;
        this.high = high;
    }
}
