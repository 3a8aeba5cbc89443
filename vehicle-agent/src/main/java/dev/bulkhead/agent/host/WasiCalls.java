package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.nio.charset.StandardCharsets;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

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
    private @Nullable WasiFiles scratch;
    private boolean decided;

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
        table.four("wasi_snapshot_preview1.fd_read", this::read);
        table.one(
                "wasi_snapshot_preview1.fd_close",
                (memory, fd) -> isStream(fd) ? SUCCESS : onFiles(files -> files.close(fd)));
        table.two("wasi_snapshot_preview1.fd_fdstat_get", this::fdstat);
        table.two(
                "wasi_snapshot_preview1.fd_fdstat_set_flags",
                (memory, fd, flags) -> isStream(fd) ? SUCCESS : onFiles(files -> files.setFlags(fd, flags)));
        table.four(
                "wasi_snapshot_preview1.fd_seek",
                (memory, fd, offset, whence, out) ->
                        isStream(fd) ? SPIPE : onFiles(files -> files.seek(memory, fd, offset, whence, out)));
        table.two(
                "wasi_snapshot_preview1.fd_tell",
                (memory, fd, out) -> isStream(fd) ? SPIPE : onFiles(files -> files.seek(memory, fd, 0, 1, out)));
        bindFiles(table);
    }

    private void bindFiles(CallTable table) {
        table.two(
                "wasi_snapshot_preview1.fd_prestat_get",
                (memory, fd, out) -> onFiles(files -> files.prestat(memory, fd, out)));
        table.three(
                "wasi_snapshot_preview1.fd_prestat_dir_name",
                (memory, fd, out, length) -> onFiles(files -> files.prestatName(memory, fd, out, length)));
        table.two(
                "wasi_snapshot_preview1.fd_filestat_get",
                (memory, fd, out) -> onFiles(files -> files.filestat(memory, fd, out)));
        table.put(
                "wasi_snapshot_preview1.fd_readdir",
                (memory, a) -> onFiles(files -> files.list(memory, a[0], a[1], a[2], a[3], a[4])));
        table.three(
                "wasi_snapshot_preview1.path_create_directory",
                (memory, fd, path, length) -> onFiles(files -> files.createFolder(memory, fd, path, length)));
        table.put(
                "wasi_snapshot_preview1.path_filestat_get",
                (memory, a) -> onFiles(files -> files.filestatOf(memory, a)));
        table.put("wasi_snapshot_preview1.path_open", (memory, a) -> onFiles(files -> files.open(memory, a)));
        table.three(
                "wasi_snapshot_preview1.path_remove_directory",
                (memory, fd, path, length) -> onFiles(files -> files.remove(memory, fd, path, length, true)));
        table.put("wasi_snapshot_preview1.path_rename", (memory, a) -> onFiles(files -> files.rename(memory, a)));
        table.three(
                "wasi_snapshot_preview1.path_unlink_file",
                (memory, fd, path, length) -> onFiles(files -> files.remove(memory, fd, path, length, false)));
    }

    /** Without the grant no directory is open, so every descriptor is a bad one. */
    private long onFiles(ToLongFunction<WasiFiles> call) {
        if (!decided) {
            decided = true;
            scratch = mayKeepFiles() ? new WasiFiles(session.held()) : null;
        }
        return scratch == null ? BADF : call.applyAsLong(scratch);
    }

    private boolean mayKeepFiles() {
        AccessRequest request = new AccessRequest.UseWasi(Wasi.Part.SCRATCH);
        return switch (session.desk().decide(request)) {
            case Decision.Allow _ -> true;
            case Decision.Deny deny -> {
                if (session.desk().requested().contains(new Wasi(Wasi.Part.SCRATCH))) {
                    session.ledger().denied(request.line(), deny.rule(), deny.why());
                }
                yield false;
            }
        };
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
        if (fd > 2) {
            return onFiles(files -> files.write(memory, fd, vectors, count, out));
        }
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

    private long read(GuestMemory memory, long fd, long vectors, long count, long out) {
        if (fd > 2) {
            return onFiles(files -> files.read(memory, fd, vectors, count, out));
        }
        if (fd != 0) {
            return BADF;
        }
        if (!memory.contains((int) out, 4)) {
            return FAULT;
        }
        memory.writeInt((int) out, 0);
        return SUCCESS;
    }

    private long fdstat(GuestMemory memory, long fd, long out) {
        if (!isStream(fd)) {
            return onFiles(files -> files.fdstat(memory, fd, out));
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
