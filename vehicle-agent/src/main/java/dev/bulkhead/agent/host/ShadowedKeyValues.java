package dev.bulkhead.agent.host;

import dev.bulkhead.agent.host.KeyValueStore.Write;
import java.util.List;
import java.util.Optional;

/**
 * The key-value data as one session sees it: while it is muted its writes stay in memory, on top of what is stored. What it wrote in its
 * last {@code restore_state} is kept when it takes over, the rest is forgotten. Strand only.
 */
final class ShadowedKeyValues {
    /** What came of a write. */
    enum Written {
        DONE,
        NOT_THERE,
        OVER_QUOTA,
        NO_MEMORY
    }

    private final AppSession session;
    private final ShadowWrites written;
    private final OwedHandOver handOver = new OwedHandOver();

    ShadowedKeyValues(AppSession session) {
        this.session = session;
        this.written = new ShadowWrites(session.held());
    }

    private KeyValueStore store() {
        return session.services().keyValues();
    }

    private String app() {
        return session.label().appId();
    }

    /** Forgets what was written in the shadow so far. */
    void beginAnew() {
        written.forget();
    }

    /**
     * Takes the data over for a release. What was written since is written down now, with the hand-over; where nothing was, the hand-over is owed.
     *
     * @throws KeyValueStore.Unavailable when it cannot be written; nothing changed then
     */
    void take(String packageDigest) {
        List<Write> writes = written.list();
        written.forget();
        handOver.owe(() -> store().handOver(app(), packageDigest, writes));
        if (!writes.isEmpty()) {
            handOver.pay();
        }
    }

    OwedHandOver handOver() {
        return handOver;
    }

    private boolean shadow() {
        if (!session.muted()) {
            written.forget();
        }
        return session.muted();
    }

    Optional<byte[]> get(byte[] key) {
        Write mine = shadow() ? written.find(key) : null;
        return mine != null ? Optional.ofNullable(mine.value()) : store().get(app(), key);
    }

    Written put(byte[] key, byte[] value, long quota) {
        if (!shadow()) {
            handOver.pay();
            return store().put(app(), key, value, quota, session::entitled) ? Written.DONE : Written.OVER_QUOTA;
        }
        Write write = new Write(key, value);
        return used() + written.bytesWith(write) > quota ? Written.OVER_QUOTA : kept(write);
    }

    private Written kept(Write write) {
        if (!written.roomFor(write.key())) {
            return Written.OVER_QUOTA;
        }
        if (written.put(write)) {
            return Written.DONE;
        }
        session.outOfMemory(ShadowWrites.cost(write) + HeldMemory.WRITE);
        return Written.NO_MEMORY;
    }

    Written delete(byte[] key) {
        if (!shadow()) {
            handOver.pay();
            return store().delete(app(), key, session::entitled) ? Written.DONE : Written.NOT_THERE;
        }
        return get(key).isEmpty() ? Written.NOT_THERE : kept(new Write(key, null));
    }

    /** While muted only what is stored is listed. */
    List<byte[]> keys(byte[] prefix, int most) {
        return store().keys(app(), prefix, most);
    }

    long used() {
        return store().used(app());
    }
}
