package dev.bulkhead.agent.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a guest has open, by number; the first numbers are the roots of its volumes, which stay open. Strand only. */
final class Descriptors {
    /** The streams come before. */
    static final int FIRST = 3;

    static final int MOST = 64;

    /** What one that is open costs. */
    private static final long BYTES = 128;

    private final MemoryPurse purse;
    private final List<Volume> volumes;
    private final Map<Integer, Descriptor> open = new HashMap<>();

    Descriptors(MemoryPurse purse, List<Volume> volumes) {
        this.purse = purse;
        this.volumes = new ArrayList<>(volumes);
        for (Volume volume : volumes) {
            FileNode root = volume.find("");
            if (root == null) {
                throw new IllegalStateException("a volume has a root");
            }
            open.put(FIRST + open.size(), new Descriptor(volume, "", root, 0));
        }
    }

    @Nullable
    Descriptor at(long fd) {
        return fd < 0 || fd > Integer.MAX_VALUE ? null : open.get((int) fd);
    }

    /** The volume whose root the number is; null when it is another descriptor or none. */
    @Nullable
    Volume root(long fd) {
        return fd >= FIRST && fd < FIRST + volumes.size() ? volumes.get((int) fd - FIRST) : null;
    }

    /** Whether there is room for one more, which is then paid for until {@link #forgo} or {@link #close}. */
    boolean reserve() {
        return open.size() < MOST && purse.take(BYTES);
    }

    /** What was reserved is not needed. */
    void forgo() {
        purse.give(BYTES);
    }

    /** The lowest free number, for a place that was reserved. */
    int open(Descriptor descriptor) {
        int fd = FIRST;
        while (open.containsKey(fd)) {
            fd++;
        }
        open.put(fd, descriptor);
        descriptor.volume().opened(descriptor.node());
        return fd;
    }

    /** False when the number stands for nothing that could be closed. */
    boolean close(long fd) {
        Descriptor descriptor = root(fd) == null ? at(fd) : null;
        if (descriptor == null) {
            return false;
        }
        open.remove((int) fd);
        descriptor.volume().closed(descriptor.node());
        purse.give(BYTES);
        return true;
    }
}
