package dev.bulkhead.agent.host;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Key-value data of all apps, each in its own name space. Thread-safe; every call is atomic and survives kill -9, or throws {@link Unavailable}. */
public interface KeyValueStore extends AutoCloseable {
    /** Longest key in bytes. */
    int LONGEST_KEY = 128;

    /** Longest value in bytes. */
    int LONGEST_VALUE = 65_536;

    /** What is charged for each entry besides key and value, so that empty entries cost too. */
    int ENTRY_COST = 32;

    /** The data cannot be read or written now, as on a full or read-only disk; nothing changed. */
    class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    Optional<byte[]> get(String appId, byte[] key);

    /**
     * Writes unless the app's entries would then take more than {@code quota} bytes; returns false in that case.
     *
     * @param entitled called when the write has its turn; what it throws is thrown here, and nothing changed then
     */
    boolean put(String appId, byte[] key, byte[] value, long quota, Runnable entitled);

    /**
     * Removes an entry; returns false when there was none.
     *
     * @param entitled as for {@link #put}
     */
    boolean delete(String appId, byte[] key, Runnable entitled);

    /** At most {@code limit} keys that begin with {@code prefix}, in byte order. */
    List<byte[]> keys(String appId, byte[] prefix, int limit);

    /** Bytes the app's entries take, {@link #ENTRY_COST} each included. */
    long used(String appId);

    /** One entry as a new version leaves it; a value of null removes it. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Write(byte[] key, byte @Nullable [] value) {}

    /**
     * Gives the data to another release of the app, with what that one writes first; all of it or nothing. Remembers how each entry was
     * before that release changed it, until {@link #giveBack} or {@link #settle}, unless it does so for an earlier release already.
     *
     * @param release digest of the package that has the data from now on
     */
    void handOver(String appId, String release, List<Write> writes);

    /** The release for which earlier entries are remembered; empty when none are. */
    Optional<String> remembersFor(String appId);

    /** Brings every entry back to where it was before the hand-over. Nothing happens when none is remembered. */
    void giveBack(String appId);

    /** Forgets how entries were before. */
    void settle(String appId);

    /** Removes all of an app's entries. */
    void clear(String appId);

    /** Lets go of the file. */
    @Override
    default void close() {}
}
