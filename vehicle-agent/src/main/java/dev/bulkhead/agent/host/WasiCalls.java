package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.contract.abi.Layouts;
import java.nio.charset.StandardCharsets;

/**
 * {@code wasi_snapshot_preview1} without a file system: standard output and error go to the log, clocks and chance are the vehicle's, there
 * are no arguments, no environment, no directories. Whether a function may be imported at all was checked at admission.
 */
final class WasiCalls {
    private static final long SUCCESS = 0;
    private static final long BADF = 8;
    private static final long FAULT = 21;
    private static final long INVAL = 28;
    private static final long SPIPE = 70;
    private static final int MOST_VECTORS = 1_024;
    private static final int MOST_BYTES = 1 << 20;
    private static final int CHARACTER_DEVICE = 2;
    private static final int FDSTAT_BYTES = 24;

    private final AppSession session;
    private final StringBuilder unfinished = new StringBuilder();

    WasiCalls(AppSession session) {
        this.session = session;
    }

    void bind(CallTable table) {
        table.two("wasi_snapshot_preview1.args_get", (memory, argv, buffer) -> SUCCESS);
        table.two("wasi_snapshot_preview1.args_sizes_get", WasiCalls::noSizes);
        table.two("wasi_snapshot_preview1.environ_get", (memory, environ, buffer) -> SUCCESS);
        table.two("wasi_snapshot_preview1.environ_sizes_get", WasiCalls::noSizes);
        table.one("wasi_snapshot_preview1.proc_exit", (memory, code) -> exit(code));
        table.none("wasi_snapshot_preview1.sched_yield", memory -> SUCCESS);
        table.two("wasi_snapshot_preview1.clock_res_get", WasiCalls::resolution);
        table.three("wasi_snapshot_preview1.clock_time_get", (memory, id, precision, out) -> time(memory, id, out));
        table.two("wasi_snapshot_preview1.random_get", this::random);
        table.four("wasi_snapshot_preview1.fd_write", this::write);
        table.four("wasi_snapshot_preview1.fd_read", WasiCalls::read);
        table.one("wasi_snapshot_preview1.fd_close", (memory, fd) -> isStream(fd) ? SUCCESS : BADF);
        table.two("wasi_snapshot_preview1.fd_fdstat_get", WasiCalls::fdstat);
        table.two("wasi_snapshot_preview1.fd_fdstat_set_flags", (memory, fd, flags) -> isStream(fd) ? SUCCESS : BADF);
        table.four("wasi_snapshot_preview1.fd_seek", (memory, fd, offset, whence, out) -> isStream(fd) ? SPIPE : BADF);
        table.two("wasi_snapshot_preview1.fd_tell", (memory, fd, out) -> isStream(fd) ? SPIPE : BADF);
        withoutFiles(table);
    }

    /** No directory is ever open, so every descriptor these are given is a bad one. */
    private static void withoutFiles(CallTable table) {
        for (String name : new String[] {
            "fd_prestat_get",
            "fd_prestat_dir_name",
            "fd_filestat_get",
            "fd_readdir",
            "path_create_directory",
            "path_filestat_get",
            "path_open",
            "path_remove_directory",
            "path_rename",
            "path_unlink_file"
        }) {
            table.put("wasi_snapshot_preview1." + name, (memory, arguments) -> BADF);
        }
    }

    private static boolean isStream(long fd) {
        return fd >= 0 && fd <= 2;
    }

    private static long noSizes(GuestMemory memory, long count, long size) {
        if (!memory.contains((int) count, 4) || !memory.contains((int) size, 4)) {
            return FAULT;
        }
        memory.writeInt((int) count, 0);
        memory.writeInt((int) size, 0);
        return SUCCESS;
    }

    private static long exit(long code) {
        throw KillException.exited((int) code);
    }

    private static long resolution(GuestMemory memory, long id, long out) {
        if (id < 0 || id > 3) {
            return INVAL;
        }
        if (!memory.contains((int) out, 8)) {
            return FAULT;
        }
        memory.writeLong((int) out, id == 0 ? 1_000_000 : 1);
        return SUCCESS;
    }

    private long time(GuestMemory memory, long id, long out) {
        if (id < 0 || id > 3) {
            return INVAL;
        }
        if (!memory.contains((int) out, 8)) {
            return FAULT;
        }
        long realtime = session.services().clock().unixMillis() * 1_000_000L;
        memory.writeLong((int) out, id == 0 ? realtime : session.now());
        return SUCCESS;
    }

    private long random(GuestMemory memory, long out, long count) {
        if (count < 0 || count > MOST_BYTES) {
            return INVAL;
        }
        if (!memory.contains((int) out, (int) count)) {
            return FAULT;
        }
        byte[] bytes = new byte[(int) count];
        session.random().nextBytes(bytes);
        memory.write((int) out, bytes);
        return SUCCESS;
    }

    private long write(GuestMemory memory, long fd, long vectors, long count, long out) {
        if (fd != 1 && fd != 2) {
            return BADF;
        }
        if (count < 0 || count > MOST_VECTORS) {
            return INVAL;
        }
        if (!memory.contains((int) vectors, (int) count * 8) || !memory.contains((int) out, 4)) {
            return FAULT;
        }
        long written = 0;
        for (int i = 0; i < count; i++) {
            int pointer = memory.readInt((int) vectors + i * 8);
            int length = memory.readInt((int) vectors + i * 8 + 4);
            if (length < 0 || written + length > MOST_BYTES) {
                return INVAL;
            }
            if (!memory.contains(pointer, length)) {
                return FAULT;
            }
            print(fd == 2, new String(memory.read(pointer, length), StandardCharsets.UTF_8));
            written += length;
        }
        memory.writeInt((int) out, (int) written);
        return SUCCESS;
    }

    private void print(boolean error, String text) {
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            unfinished.append(text, from, end);
            emit(error);
            from = end + 1;
        }
        unfinished.append(text, from, text.length());
        if (unfinished.length() > Layouts.LONGEST_LOG_LINE) {
            emit(error);
        }
    }

    private void emit(boolean error) {
        int longest = Layouts.LONGEST_LOG_LINE;
        String line = unfinished.substring(0, Math.min(unfinished.length(), longest));
        unfinished.setLength(0);
        session.log(error ? "WARN" : "INFO", OneLine.of(line));
    }

    private static long read(GuestMemory memory, long fd, long vectors, long count, long out) {
        if (fd != 0) {
            return BADF;
        }
        if (!memory.contains((int) out, 4)) {
            return FAULT;
        }
        memory.writeInt((int) out, 0);
        return SUCCESS;
    }

    private static long fdstat(GuestMemory memory, long fd, long out) {
        if (!isStream(fd)) {
            return BADF;
        }
        if (!memory.contains((int) out, FDSTAT_BYTES)) {
            return FAULT;
        }
        memory.write((int) out, new byte[FDSTAT_BYTES]);
        memory.writeByte((int) out, (byte) CHARACTER_DEVICE);
        memory.writeLong((int) out + 8, fd == 0 ? 2 : 64);
        return SUCCESS;
    }
}
