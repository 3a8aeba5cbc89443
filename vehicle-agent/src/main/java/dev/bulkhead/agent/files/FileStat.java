package dev.bulkhead.agent.files;

import static dev.bulkhead.agent.files.Errno.FAULT;
import static dev.bulkhead.agent.files.Errno.SUCCESS;

import dev.bulkhead.agent.sandbox.GuestMemory;

/** The structure {@code filestat}: device, number, kind, links, size; no times. */
final class FileStat {
    private static final int BYTES = 64;
    private static final int FOLDER = 3;
    private static final int REGULAR = 4;

    private FileStat() {}

    static int kind(FileNode node) {
        return node.folder() ? FOLDER : REGULAR;
    }

    static int write(GuestMemory memory, Volume volume, FileNode node, long out) {
        if (!memory.contains((int) out, BYTES)) {
            return FAULT;
        }
        memory.write((int) out, new byte[BYTES]);
        memory.writeLong((int) out, volume.device());
        memory.writeLong((int) out + 8, node.number());
        memory.writeByte((int) out + 16, (byte) kind(node));
        memory.writeLong((int) out + 24, 1);
        memory.writeLong((int) out + 32, node.size());
        return SUCCESS;
    }
}
