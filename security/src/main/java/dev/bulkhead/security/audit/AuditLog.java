package dev.bulkhead.security.audit;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.audit.note.SignedNote;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of one vehicle: entries are buffered, committed in groups, and never changed again (audit.md). Whoever owns
 * the log calls {@link #commit()} within 50 ms; entries of an urgent kind commit by themselves. Thread-safe; appending
 * does not wait for a commit that is under way, unless the buffer is full.
 */
public final class AuditLog implements AuditTrail, AutoCloseable {
    private static final long WORTH_DROPPING = 4096;

    private final AuditSettings settings;
    private final LogStore store;
    private final NoteSigner signer;
    private final InstantSource time;
    private final SpaceProbe space;
    private final ReentrantLock bufferLock = new ReentrantLock();
    private final ReentrantLock commitLock = new ReentrantLock();
    private List<PendingEntry> pending = new ArrayList<>();
    private long nextIndex;
    private long newestMillis;
    private volatile AuditCondition condition = new AuditCondition.Recording();

    private AuditLog(AuditSettings settings, LogStore store, NoteSigner signer, InstantSource time, SpaceProbe space) {
        this.settings = settings;
        this.store = store;
        this.signer = signer;
        this.time = time;
        this.space = space;
        this.nextIndex = store.size();
        this.newestMillis = store.newestMillis();
    }

    /**
     * Opens or begins the log in {@code file} and checks what is there.
     *
     * @throws DamagedLogException if what is stored contradicts itself
     * @throws AuditException if another process holds the log, or the file cannot be used
     */
    public static AuditLog open(Path file, AuditSettings settings, NoteSigner signer, InstantSource time) {
        return open(file, settings, signer, time, SpaceProbe.of(file));
    }

    /** The same with another source for the free space. */
    public static AuditLog open(
            Path file, AuditSettings settings, NoteSigner signer, InstantSource time, SpaceProbe space) {
        LogStore store = LogStore.open(file, settings, signer);
        return new AuditLog(settings, store, signer, time, space);
    }

    @Override
    public long append(AuditEntry entry) {
        boolean urgent = Urgency.of(entry);
        long index;
        boolean full;
        while (true) {
            bufferLock.lock();
            try {
                if (pending.size() < settings.bufferEntries()) {
                    index = nextIndex;
                    newestMillis = Math.max(newestMillis, time.millis());
                    pending.add(PendingEntry.of(entry, newestMillis));
                    nextIndex++;
                    full = pending.size() == settings.bufferEntries();
                    break;
                }
            } finally {
                bufferLock.unlock();
            }
            commit();
        }
        if (urgent || full) {
            commit();
        }
        return index;
    }

    /**
     * Makes everything appended so far durable.
     *
     * @throws AuditException if the disk refuses; the entries stay in the buffer for the next try
     */
    public void commit() {
        commitLock.lock();
        try {
            write(false);
        } finally {
            commitLock.unlock();
        }
    }

    /**
     * Commits, signs the head and stores the note before it returns it.
     *
     * @throws AuditException if the disk refuses
     */
    public SignedNote checkpoint() {
        commitLock.lock();
        try {
            return write(true).orElseThrow();
        } finally {
            commitLock.unlock();
        }
    }

    private Optional<SignedNote> write(boolean sign) {
        List<PendingEntry> batch = takeBatch();
        try {
            Optional<SignedNote> note =
                    store.write(batch, sign ? Optional.of(signer) : Optional.empty(), time.millis());
            condition = conditionOfDisk();
            return note;
        } catch (RuntimeException e) {
            // whatever went wrong, a token that does not sign included: nothing accepted may be lost
            putBack(batch);
            condition = new AuditCondition.Failing(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private List<PendingEntry> takeBatch() {
        bufferLock.lock();
        try {
            List<PendingEntry> batch = pending;
            pending = new ArrayList<>(Math.min(batch.size() + 16, settings.bufferEntries()));
            return batch;
        } finally {
            bufferLock.unlock();
        }
    }

    private void putBack(List<PendingEntry> batch) {
        bufferLock.lock();
        try {
            batch.addAll(pending);
            pending = batch;
        } finally {
            bufferLock.unlock();
        }
    }

    private AuditCondition conditionOfDisk() {
        long usable = space.usableBytes();
        return usable < settings.reserveBytes()
                ? new AuditCondition.SpaceLow(usable, settings.reserveBytes())
                : new AuditCondition.Recording();
    }

    /**
     * Forgets the data of the entries before {@code index}, rounded down to a full bundle of 256, and records that;
     * their hashes stay, so proofs and checkpoints hold.
     *
     * @param why goes into the log
     * @return the first index whose data is kept
     */
    public long dropBefore(long index, String why) {
        commit();
        long before = store.droppable(index);
        append(AuditEntry.newBuilder()
                .setDropped(AuditEntry.Dropped.newBuilder().setBefore(before).setWhy(why))
                .build());
        commitLock.lock();
        try {
            write(false);
            store.drop(before);
        } finally {
            commitLock.unlock();
        }
        return before;
    }

    /**
     * Forgets the data of entries older than {@code keep}, once it is worth it: a few thousand of them.
     *
     * @return the first index whose data is kept
     */
    public long dropOlderThan(Duration keep) {
        long first;
        long before;
        try (LogReader reader = reader()) {
            first = reader.firstRetained();
            before = store.droppable(reader.firstSince(time.millis() - keep.toMillis()));
        }
        return before - first < WORTH_DROPPING ? first : dropBefore(before, "older than " + keep.toDays() + " days");
    }

    /** Whether entries can be recorded; as of the last commit. */
    public AuditCondition condition() {
        return condition;
    }

    /** Entries appended so far, durable or not. */
    public long size() {
        bufferLock.lock();
        try {
            return nextIndex;
        } finally {
            bufferLock.unlock();
        }
    }

    /** Entries that survive a power loss now. */
    public long durableSize() {
        return store.size();
    }

    /** A reader of what is durable, on a connection of its own; the caller closes it. */
    public LogReader reader() {
        return LogReader.open(store.file());
    }

    /** Commits what waits, if the disk takes it, and closes the file. */
    @Override
    public void close() {
        commitLock.lock();
        try {
            write(false);
        } finally {
            store.close();
            commitLock.unlock();
        }
    }
}
