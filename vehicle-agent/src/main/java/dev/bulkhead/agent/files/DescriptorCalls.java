package dev.bulkhead.agent.files;

import static dev.bulkhead.agent.files.Errno.BADF;
import static dev.bulkhead.agent.files.Errno.FAULT;
import static dev.bulkhead.agent.files.Errno.INVAL;
import static dev.bulkhead.agent.files.Errno.NAMETOOLONG;
import static dev.bulkhead.agent.files.Errno.SUCCESS;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a descriptor is and where it stands. */
final class DescriptorCalls {
    private static final int PRESTAT_BYTES = 8;
    private static final int FDSTAT_BYTES = 24;

    private final Descriptors descriptors;

    DescriptorCalls(Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    void bind(Map<String, HostCall> calls) {
        calls.put("fd_prestat_get", (memory, a) -> prestat(memory, a[0], a[1]));
        calls.put("fd_prestat_dir_name", (memory, a) -> prestatName(memory, a[0], a[1], a[2]));
        calls.put("fd_close", (memory, a) -> descriptors.close(a[0]) ? SUCCESS : BADF);
        calls.put("fd_fdstat_get", (memory, a) -> fdstat(memory, a[0], a[1]));
        calls.put("fd_fdstat_set_flags", (memory, a) -> setFlags(a[0], a[1]));
        calls.put("fd_filestat_get", (memory, a) -> filestat(memory, a[0], a[1]));
        calls.put("fd_seek", (memory, a) -> seek(memory, a[0], a[1], a[2], a[3]));
        calls.put("fd_tell", (memory, a) -> seek(memory, a[0], 0, 1, a[1]));
    }

    private long prestat(GuestMemory memory, long fd, long out) {
        Volume volume = descriptors.root(fd);
        if (volume == null) {
            return BADF;
        }
        if (!memory.contains((int) out, PRESTAT_BYTES)) {
            return FAULT;
        }
        memory.writeInt((int) out, 0);
        memory.writeInt((int) out + 4, volume.mountPoint().length());
        return SUCCESS;
    }

    private long prestatName(GuestMemory memory, long fd, long out, long length) {
        Volume volume = descriptors.root(fd);
        if (volume == null) {
            return BADF;
        }
        byte[] name = volume.mountPoint().getBytes(StandardCharsets.US_ASCII);
        if (length < name.length) {
            return NAMETOOLONG;
        }
        if (!memory.contains((int) out, name.length)) {
            return FAULT;
        }
        memory.write((int) out, name);
        return SUCCESS;
    }

    private long fdstat(GuestMemory memory, long fd, long out) {
        Descriptor file = descriptors.at(fd);
        if (file == null) {
            return BADF;
        }
        if (!memory.contains((int) out, FDSTAT_BYTES)) {
            return FAULT;
        }
        memory.writeLong((int) out, FileStat.kind(file.node()) | (long) file.flags() << 16);
        memory.writeLong((int) out + 8, Rights.of(file.volume()));
        // a C library asks for what its folder can hand on; all of it, so that opening to write fails, and not the
        // first write
        memory.writeLong((int) out + 16, file.node().folder() ? Rights.ALL : Rights.of(file.volume()));
        return SUCCESS;
    }

    private long setFlags(long fd, long flags) {
        Descriptor file = descriptors.at(fd);
        if (file == null) {
            return BADF;
        }
        file.flags((int) flags);
        return SUCCESS;
    }

    private long filestat(GuestMemory memory, long fd, long out) {
        Descriptor file = descriptors.at(fd);
        return file == null ? BADF : FileStat.write(memory, file.volume(), file.node(), out);
    }

    private long seek(GuestMemory memory, long fd, long offset, long whence, long out) {
        Descriptor file = descriptors.at(fd);
        if (file == null) {
            return BADF;
        }
        long from = whence == 0 ? 0 : whence == 1 ? file.offset() : file.node().size();
        long to = from + offset;
        if (whence < 0 || whence > 2 || to < 0 || to > Integer.MAX_VALUE) {
            return INVAL;
        }
        if (!memory.contains((int) out, 8)) {
            return FAULT;
        }
        file.offset(to);
        memory.writeLong((int) out, to);
        return SUCCESS;
    }
}
