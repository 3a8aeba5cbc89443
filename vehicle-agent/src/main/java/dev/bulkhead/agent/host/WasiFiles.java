package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code wasi_snapshot_preview1} that works on files: descriptors over one {@link ScratchTree}, opened beforehand as descriptor 3 under the
 * name {@code /}. Nothing of the host's files is reachable. Answers are WASI's error numbers. Strand only.
 */
public final class WasiFiles {
    private static final int SUCCESS = 0;
    private static final int BADF = 8;
    private static final int EXIST = 20;
    private static final int FAULT = 21;
    private static final int INVAL = 28;
    private static final int ISDIR = 31;
    private static final int MFILE = 33;
    private static final int NAMETOOLONG = 37;
    private static final int NOENT = 44;
    private static final int NOSPC = 51;
    private static final int NOTDIR = 54;
    private static final int NOTEMPTY = 55;
    private static final int NOTCAPABLE = 76;

    private static final int PREOPENED = 3;
    private static final int MOST_OPEN = 64;
    private static final int LONGEST_PATH = 1_024;
    private static final int MOST_VECTORS = 1_024;
    private static final int FOLDER = 3;
    private static final int REGULAR = 4;
    private static final long EVERY_RIGHT = (1L << 29) - 1;
    private static final int CREATE = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;
    private static final int APPEND = 1;

    private static final class Descriptor {
        private final String path;
        private final ScratchTree.Node node;
        private long offset;
        private int flags;

        private Descriptor(String path, ScratchTree.Node node, int flags) {
            this.path = path;
            this.node = node;
            this.flags = flags;
        }
    }

    /** A path in the tree, or the error that says why there is none. */
    private record Place(int error, String path) {}

    private final HeldMemory held;
    private final ScratchTree tree;
    private final Map<Integer, Descriptor> open = new HashMap<>();

    /** Files of a run that has no budget of an app. */
    public WasiFiles() {
        this(HeldMemory.unbounded());
    }

    /** @param held pays for files and descriptors */
    WasiFiles(HeldMemory held) {
        this.held = held;
        this.tree = new ScratchTree(held);
        ScratchTree.Node root = tree.find("");
        if (root == null) {
            throw new IllegalStateException("a tree has a root");
        }
        open.put(PREOPENED, new Descriptor("", root, 0));
    }

    private @Nullable Descriptor at(long fd) {
        return fd < 0 || fd > Integer.MAX_VALUE ? null : open.get((int) fd);
    }

    // descriptors

    public long prestat(GuestMemory memory, long fd, long out) {
        if (fd != PREOPENED) {
            return BADF;
        }
        if (!memory.contains((int) out, 8)) {
            return FAULT;
        }
        memory.writeInt((int) out, 0);
        memory.writeInt((int) out + 4, 1);
        return SUCCESS;
    }

    public long prestatName(GuestMemory memory, long fd, long out, long length) {
        if (fd != PREOPENED) {
            return BADF;
        }
        if (length < 1) {
            return NAMETOOLONG;
        }
        if (!memory.contains((int) out, 1)) {
            return FAULT;
        }
        memory.writeByte((int) out, (byte) '/');
        return SUCCESS;
    }

    public long close(long fd) {
        if (fd == PREOPENED || fd < 0 || fd > Integer.MAX_VALUE || open.remove((int) fd) == null) {
            return BADF;
        }
        held.give(HeldMemory.DESCRIPTOR);
        return SUCCESS;
    }

    public long fdstat(GuestMemory memory, long fd, long out) {
        Descriptor file = at(fd);
        if (file == null) {
            return BADF;
        }
        if (!memory.contains((int) out, 24)) {
            return FAULT;
        }
        memory.writeLong((int) out, kind(file.node) | (long) file.flags << 16);
        memory.writeLong((int) out + 8, EVERY_RIGHT);
        memory.writeLong((int) out + 16, EVERY_RIGHT);
        return SUCCESS;
    }

    public long setFlags(long fd, long flags) {
        Descriptor file = at(fd);
        if (file == null) {
            return BADF;
        }
        file.flags = (int) flags & 0x1F;
        return SUCCESS;
    }

    public long filestat(GuestMemory memory, long fd, long out) {
        Descriptor file = at(fd);
        return file == null ? BADF : filestat(memory, file.node, out);
    }

    private static long filestat(GuestMemory memory, ScratchTree.Node node, long out) {
        if (!memory.contains((int) out, 64)) {
            return FAULT;
        }
        memory.write((int) out, new byte[64]);
        memory.writeLong((int) out + 8, System.identityHashCode(node));
        memory.writeByte((int) out + 16, (byte) kind(node));
        memory.writeLong((int) out + 24, 1);
        memory.writeLong((int) out + 32, node.size());
        return SUCCESS;
    }

    private static int kind(ScratchTree.Node node) {
        return node.folder() ? FOLDER : REGULAR;
    }

    public long seek(GuestMemory memory, long fd, long offset, long whence, long out) {
        Descriptor file = at(fd);
        if (file == null) {
            return BADF;
        }
        long from = whence == 0 ? 0 : whence == 1 ? file.offset : file.node.size();
        long to = from + offset;
        if (whence < 0 || whence > 2 || to < 0 || to > ScratchTree.MOST_BYTES) {
            return INVAL;
        }
        if (!memory.contains((int) out, 8)) {
            return FAULT;
        }
        file.offset = to;
        memory.writeLong((int) out, to);
        return SUCCESS;
    }

    // content

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
        for (int i = 0; i < count; i++) {
            int address = memory.readInt((int) vectors + i * 8);
            int length = memory.readInt((int) vectors + i * 8 + 4);
            if (length < 0 || length > ScratchTree.MOST_BYTES) {
                return INVAL;
            }
            if (!memory.contains(address, length)) {
                return FAULT;
            }
            int done = piece.move(address, length);
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

    public long read(GuestMemory memory, long fd, long vectors, long count, long out) {
        Descriptor file = at(fd);
        if (file == null) {
            return BADF;
        }
        if (file.node.folder()) {
            return ISDIR;
        }
        return each(memory, vectors, count, out, (address, length) -> {
            byte[] bytes = new byte[Math.min(length, file.node.size())];
            int got = file.node.read(file.offset, bytes);
            memory.write(address, bytes, 0, got);
            file.offset += got;
            return got;
        });
    }

    public long write(GuestMemory memory, long fd, long vectors, long count, long out) {
        Descriptor file = at(fd);
        if (file == null || file.node.folder()) {
            return BADF;
        }
        return each(memory, vectors, count, out, (address, length) -> {
            if ((file.flags & APPEND) != 0) {
                file.offset = file.node.size();
            }
            if (!tree.write(file.node, file.offset, memory.read(address, length))) {
                return -NOSPC;
            }
            file.offset += length;
            return length;
        });
    }

    public long list(GuestMemory memory, long fd, long out, long length, long cookie, long used) {
        Descriptor folder = at(fd);
        if (folder == null || !folder.node.folder()) {
            return BADF;
        }
        if (length < 0 || !memory.contains((int) out, (int) length) || !memory.contains((int) used, 4)) {
            return FAULT;
        }
        int at = 0;
        long next = 0;
        for (Map.Entry<String, ScratchTree.Node> entry : tree.list(folder.path).entrySet()) {
            next++;
            if (next > cookie && at < length) {
                byte[] record = record(next, entry.getKey(), entry.getValue());
                int fits = (int) Math.min(record.length, length - at);
                memory.write((int) out + at, record, 0, fits);
                at += fits;
            }
        }
        memory.writeInt((int) used, at);
        return SUCCESS;
    }

    private static byte[] record(long next, String name, ScratchTree.Node node) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(24 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(next)
                .putLong(System.identityHashCode(node))
                .putInt(text.length)
                .putInt(kind(node))
                .put(text)
                .array();
    }

    // paths

    private Place place(GuestMemory memory, long fd, long path, long length) {
        Descriptor folder = at(fd);
        if (folder == null) {
            return new Place(BADF, "");
        }
        if (!folder.node.folder()) {
            return new Place(NOTDIR, "");
        }
        if (length < 0 || length > LONGEST_PATH) {
            return new Place(NAMETOOLONG, "");
        }
        if (!memory.contains((int) path, (int) length)) {
            return new Place(FAULT, "");
        }
        String name = new String(memory.read((int) path, (int) length), StandardCharsets.UTF_8);
        String resolved = ScratchTree.resolve(folder.path + "/" + name);
        return resolved == null || name.startsWith("/") || !resolved.startsWith(folder.path)
                ? new Place(NOTCAPABLE, "")
                : new Place(SUCCESS, resolved);
    }

    /** In the order of {@code path_open}: fd, dirflags, path, length, oflags, rights, inheriting, fdflags, out. */
    public long open(GuestMemory memory, long[] a) {
        Place place = place(memory, a[0], a[2], a[3]);
        if (place.error() != SUCCESS) {
            return place.error();
        }
        if (!memory.contains((int) a[8], 4)) {
            return FAULT;
        }
        if (open.size() >= MOST_OPEN || !held.take(HeldMemory.DESCRIPTOR)) {
            return MFILE;
        }
        long opened = openAt(memory, a, place);
        if (opened != SUCCESS) {
            held.give(HeldMemory.DESCRIPTOR);
        }
        return opened;
    }

    private long openAt(GuestMemory memory, long[] a, Place place) {
        int how = (int) a[4];
        ScratchTree.Node node = tree.find(place.path());
        if (node == null) {
            if ((how & CREATE) == 0 || !tree.hasParent(place.path())) {
                return NOENT;
            }
            node = tree.make(place.path(), false);
            if (node == null) {
                return NOSPC;
            }
        } else if ((how & EXCLUSIVE) != 0) {
            return EXIST;
        }
        if ((how & DIRECTORY) != 0 && !node.folder()) {
            return NOTDIR;
        }
        if ((how & TRUNCATE) != 0) {
            tree.truncate(node);
        }
        int fd = PREOPENED + 1;
        while (open.containsKey(fd)) {
            fd++;
        }
        open.put(fd, new Descriptor(place.path(), node, (int) a[7] & 0x1F));
        memory.writeInt((int) a[8], fd);
        return SUCCESS;
    }

    public long createFolder(GuestMemory memory, long fd, long path, long length) {
        Place place = place(memory, fd, path, length);
        if (place.error() != SUCCESS) {
            return place.error();
        }
        if (tree.find(place.path()) != null) {
            return EXIST;
        }
        if (!tree.hasParent(place.path())) {
            return NOENT;
        }
        return tree.make(place.path(), true) == null ? NOSPC : SUCCESS;
    }

    /** In the order of {@code path_filestat_get}: fd, flags, path, length, out. */
    public long filestatOf(GuestMemory memory, long[] a) {
        Place place = place(memory, a[0], a[2], a[3]);
        ScratchTree.Node node = tree.find(place.path());
        return place.error() != SUCCESS ? place.error() : node == null ? NOENT : filestat(memory, node, a[4]);
    }

    /** Removes a file, or an empty folder. */
    public long remove(GuestMemory memory, long fd, long path, long length, boolean folder) {
        Place place = place(memory, fd, path, length);
        if (place.error() != SUCCESS) {
            return place.error();
        }
        ScratchTree.Node node = tree.find(place.path());
        if (node == null) {
            return NOENT;
        }
        if (place.path().isEmpty()) {
            return INVAL;
        }
        if (node.folder() != folder) {
            return folder ? NOTDIR : ISDIR;
        }
        if (folder && !tree.list(place.path()).isEmpty()) {
            return NOTEMPTY;
        }
        tree.remove(place.path());
        return SUCCESS;
    }

    /** In the order of {@code path_rename}: fd, path, length, new fd, new path, new length. */
    public long rename(GuestMemory memory, long[] a) {
        Place from = place(memory, a[0], a[1], a[2]);
        Place to = place(memory, a[3], a[4], a[5]);
        if (from.error() != SUCCESS || to.error() != SUCCESS) {
            return from.error() != SUCCESS ? from.error() : to.error();
        }
        ScratchTree.Node node = tree.find(from.path());
        if (node == null || !tree.hasParent(to.path())) {
            return NOENT;
        }
        if (from.path().isEmpty() || to.path().equals(from.path()) || to.path().startsWith(from.path() + "/")) {
            return to.path().equals(from.path()) ? SUCCESS : INVAL;
        }
        ScratchTree.Node before = tree.find(to.path());
        if (before != null) {
            if (before.folder() || node.folder()) {
                return EXIST;
            }
            tree.remove(to.path());
        }
        tree.move(from.path(), to.path());
        return SUCCESS;
    }
}
