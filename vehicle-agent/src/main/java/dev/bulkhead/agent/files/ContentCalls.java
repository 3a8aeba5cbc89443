package dev.bulkhead.agent.files;

import static dev.bulkhead.agent.files.Errno.BADF;
import static dev.bulkhead.agent.files.Errno.FAULT;
import static dev.bulkhead.agent.files.Errno.INVAL;
import static dev.bulkhead.agent.files.Errno.ISDIR;
import static dev.bulkhead.agent.files.Errno.NOSPC;
import static dev.bulkhead.agent.files.Errno.NOTCAPABLE;
import static dev.bulkhead.agent.files.Errno.SUCCESS;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** What is in files and folders. */
final class ContentCalls {
    private static final int MOST_VECTORS = 1_024;
    /** Most bytes one call moves, so that none takes long. Who reads more is given less, as anywhere. */
    private static final int MOST_MOVED = 1 << 20;

    private static final int ENTRY_HEADER = 24;

    private final Descriptors descriptors;

    ContentCalls(Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    void bind(Map<String, HostCall> calls) {
        calls.put("fd_read", (memory, a) -> read(memory, a[0], a[1], a[2], a[3]));
        calls.put("fd_pread", (memory, a) -> readAt(memory, a[0], a[1], a[2], a[3], a[4]));
        calls.put("fd_write", (memory, a) -> write(memory, a[0], a[1], a[2], a[3]));
        calls.put("fd_readdir", (memory, a) -> list(memory, a[0], a[1], a[2], a[3], a[4]));
    }

    private interface Piece {
        /** Bytes done with this part, or an error below 0. */
        int move(int address, int length);
    }

    private static long each(GuestMemory memory, long vectors, long count, long out, Piece piece) {
        if (count < 0 || count > MOST_VECTORS) {
            return INVAL;
        }
        if (!memory.contains((int) vectors, (int) count * 8) || !memory.contains((int) out, 4)) {
            return FAULT;
        }
        int total = 0;
        for (int i = 0; i < count && total < MOST_MOVED; i++) {
            int address = memory.readInt((int) vectors + i * 8);
            int length = memory.readInt((int) vectors + i * 8 + 4);
            if (length < 0) {
                return INVAL;
            }
            if (!memory.contains(address, length)) {
                return FAULT;
            }
            int done = piece.move(address, Math.min(length, MOST_MOVED - total));
            if (done < 0) {
                return -done;
            }
            total += done;
            if (done < length) {
                break;
            }
        }
        memory.writeInt((int) out, total);
        return SUCCESS;
    }

    private long read(GuestMemory memory, long fd, long vectors, long count, long out) {
        Descriptor file = descriptors.at(fd);
        if (file == null || file.node().folder()) {
            return file == null ? BADF : ISDIR;
        }
        return each(memory, vectors, count, out, (address, length) -> {
            int got = file.node().copy(file.offset(), memory, address, length);
            file.offset(file.offset() + got);
            return got;
        });
    }

    private long readAt(GuestMemory memory, long fd, long vectors, long count, long offset, long out) {
        Descriptor file = descriptors.at(fd);
        if (file == null || file.node().folder()) {
            return file == null ? BADF : ISDIR;
        }
        if (offset < 0) {
            return INVAL;
        }
        long[] at = {offset};
        return each(memory, vectors, count, out, (address, length) -> {
            int got = file.node().copy(at[0], memory, address, length);
            at[0] += got;
            return got;
        });
    }

    private long write(GuestMemory memory, long fd, long vectors, long count, long out) {
        Descriptor file = descriptors.at(fd);
        if (file == null || file.node().folder()) {
            return BADF;
        }
        return switch (file.volume()) {
            case AssetVolume _ -> NOTCAPABLE;
            case ScratchTree tree ->
                each(memory, vectors, count, out, (address, length) -> {
                    if (file.appends()) {
                        file.offset(file.node().size());
                    }
                    if (!tree.write(file.node(), file.offset(), memory.read(address, length))) {
                        return -NOSPC;
                    }
                    file.offset(file.offset() + length);
                    return length;
                });
        };
    }

    private long list(GuestMemory memory, long fd, long out, long length, long cookie, long used) {
        Descriptor folder = descriptors.at(fd);
        if (folder == null || !folder.node().folder()) {
            return BADF;
        }
        if (length < 0 || !memory.contains((int) out, (int) length) || !memory.contains((int) used, 4)) {
            return FAULT;
        }
        if (cookie < 0) {
            return INVAL;
        }
        Iterator<Volume.Listed> entries =
                folder.volume().list(folder.path()).skip(cookie).iterator();
        int at = 0;
        for (long next = cookie + 1; entries.hasNext() && at < length; next++) {
            byte[] record = record(next, entries.next());
            int fits = (int) Math.min(record.length, length - at);
            memory.write((int) out + at, record, 0, fits);
            at += fits;
        }
        memory.writeInt((int) used, at);
        return SUCCESS;
    }

    private static byte[] record(long next, Volume.Listed entry) {
        byte[] text = entry.name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(ENTRY_HEADER + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(next)
                .putLong(entry.node().number())
                .putInt(text.length)
                .putInt(FileStat.kind(entry.node()))
                .put(text)
                .array();
    }
}
