package dev.bulkhead.agent.host;

import dev.bulkhead.agent.files.MemoryPurse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One cap over all that an app can make this process hold: its linear memory, tables and element segments, and what the host keeps for it (handles, places in queues, timers,
 * mail, last messages, frames, filters, decisions, files, assets, a shadow's writes). Each kind has a bound of its own besides. What the host keeps is charged as what it may grow to, when it is promised; the
 * first {@link #INCLUDED} bytes of that, like the stack of the app's thread, come with every app, so that one whose linear memory fills its budget can
 * still open what it needs. What is only {@linkplain Remembered remembered} takes no room from anything else: it is forgotten when that is claimed. Thread-safe.
 */
public final class HeldMemory implements MemoryPurse {
    /** Bytes that the host keeps for an app before its memory budget pays. */
    public static final long INCLUDED = 256 << 10;

    /** Bytes of a handle with what hangs on it. */
    static final long HANDLE = 512;

    /** Of a place for one event. */
    static final long EVENT = 64;

    /** Of a subscription, beside its places. */
    static final long SOURCE = 512;

    /** Of a CAN frame that waits. */
    static final long FRAME = 96;

    /** Of a message that waits, beside its payload. */
    static final long MESSAGE = 256;

    /** Of the last message of a topic, beside its payload: with its name, and its places in the hub. */
    static final long LAST = 512;

    /** Of a topic filter, in the desk and in the hub, with its text. */
    static final long FILTER = 1_024;

    /** Of what was decided about a topic, with its name. */
    static final long TOPIC = 768;

    /** Of what was decided about an identifier on a bus. */
    static final long IDENTIFIER = 192;

    /** Of a key-value entry that only the shadow has, beside what it takes of the storage. */
    static final long WRITE = 128;

    private final long budget;

    // guarded by this
    private long guest;
    private long host;
    private long remembered;
    private final Set<Remembered<?, ?>> memories = new LinkedHashSet<>();

    /** @param budget most bytes, the app's memory budget */
    HeldMemory(long budget) {
        this.budget = budget;
    }

    /** For what has no app: all but unbounded. */
    static HeldMemory unbounded() {
        return new HeldMemory(Long.MAX_VALUE / 2);
    }

    private static long charged(long host) {
        return Math.max(0, host - INCLUDED);
    }

    private boolean hostFits(long bytes) {
        return bytes <= INCLUDED || guest + charged(bytes) <= budget;
    }

    @Override
    public synchronized boolean take(long bytes) {
        if (!hostFits(host - remembered + bytes)) {
            return false;
        }
        if (!hostFits(host + bytes)) {
            forgetAll();
        }
        host += bytes;
        return true;
    }

    /**
     * Keeps something that can be had again, as long as nothing else needs the room.
     *
     * @param keep done now, before anybody can ask for it to be forgotten
     * @return false when there is no room; nothing was kept then
     */
    synchronized boolean remember(Remembered<?, ?> memory, long bytes, Runnable keep) {
        if (!hostFits(host + bytes)) {
            return false;
        }
        memories.add(memory);
        remembered += bytes;
        host += bytes;
        keep.run();
        return true;
    }

    /** Gives up all that one memory has kept. */
    synchronized void forget(Remembered<?, ?> memory) {
        if (memories.remove(memory)) {
            long bytes = memory.drop();
            remembered -= bytes;
            host -= bytes;
        }
    }

    private void forgetAll() {
        List.copyOf(memories).forEach(this::forget);
    }

    @Override
    public synchronized void give(long bytes) {
        host -= bytes;
    }

    /** Linear memory, tables and element segments are about to have this size; false when the budget has no room for that. */
    public synchronized boolean guest(long bytes) {
        if (bytes > guest && bytes + charged(host - remembered) > budget) {
            return false;
        }
        if (bytes > guest && bytes + charged(host) > budget) {
            forgetAll();
        }
        guest = bytes;
        return true;
    }

    /** What counts towards the budget. */
    public synchronized long charged() {
        return guest + charged(host);
    }

    /** What the host keeps, whoever pays for it. */
    public synchronized long host() {
        return host;
    }

    /** What the budget still has for whoever asks. */
    public synchronized long left() {
        return Math.max(0, budget - guest - charged(host - remembered));
    }
}
