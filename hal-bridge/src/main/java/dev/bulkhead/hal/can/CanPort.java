package dev.bulkhead.hal.can;

import java.util.List;

/** One program's access to a bus. It does not hear what it sends itself. Thread-safe. */
public interface CanPort extends AutoCloseable {
    int MAX_FILTERS = 256;
    int MAX_DEPTH = 65_536;

    /** Sends one frame, or says why not; never blocks. */
    CanSendResult send(CanFrame frame);

    /** Hands up to {@code max} waiting frames to {@code sink}, oldest first; returns how many. */
    int receive(int max, FrameSink sink);

    /** Replaces the filters. Frames already waiting stay. */
    void filters(List<CanFilter> filters);

    /** How many frames wait. */
    int waiting();

    /** How many frames a full queue has lost since the port was opened. */
    long dropped();

    @Override
    void close();

    /** Is told when a frame waits after none did; short, must not block. */
    @FunctionalInterface
    interface Reader {
        /** On any thread, which may be a sender's and hold locks: leave word and return. */
        void ready();

        /** On the thread that took the frame off a real bus. It holds no lock, so the port may be read here and now. */
        default void readyOnWire() {
            ready();
        }
    }

    /** Takes frames. */
    @FunctionalInterface
    interface FrameSink {
        /** One frame, with the time it was on the bus (vehicle clock). */
        void frame(CanFrame frame, long timeNanos);
    }
}
