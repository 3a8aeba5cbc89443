package dev.bulkhead.agent.host;

import dev.bulkhead.agent.files.WasiFiles;
import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.contract.notation.Quote;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code wasi_snapshot_preview1}: standard output and error go to the log, clocks and chance are the vehicle's, there are no arguments and no
 * environment; files are those of {@link WasiFiles}, each directory where it is granted. Whether a function may be imported at all was checked at
 * admission.
 */
final class WasiCalls {
    private static final String WASI = "wasi_snapshot_preview1.";
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
    private final Optional<Assets> assets;
    private final StringBuilder unfinished = new StringBuilder();
    private @Nullable WasiFiles files;

    /** @param assets what the app sees if it may; empty when it may not */
    WasiCalls(AppSession session, Optional<Assets> assets) {
        this.session = session;
        this.assets = assets;
    }

    void bind(CallTable table) {
        table.two(WASI + "args_get", (memory, argv, buffer) -> SUCCESS);
        table.two(WASI + "args_sizes_get", WasiCalls::noSizes);
        table.two(WASI + "environ_get", (memory, environ, buffer) -> SUCCESS);
        table.two(WASI + "environ_sizes_get", WasiCalls::noSizes);
        table.one(WASI + "proc_exit", (memory, code) -> exit(code));
        table.none(WASI + "sched_yield", memory -> SUCCESS);
        table.two(WASI + "clock_res_get", WasiCalls::resolution);
        table.three(WASI + "clock_time_get", (memory, id, precision, out) -> time(memory, id, out));
        table.two(WASI + "random_get", this::random);
        bindFiles(table);
    }

    /** Descriptors up to 2 are the streams, the others are files. */
    private void bindFiles(CallTable table) {
        Map<String, HostCall> streams = Map.of(
                "fd_write", (memory, a) -> write(memory, a[0], a[1], a[2], a[3]),
                "fd_read", (memory, a) -> read(memory, a[0], a[3]),
                "fd_close", (memory, a) -> SUCCESS,
                "fd_fdstat_get", (memory, a) -> fdstat(memory, a[0], a[1]),
                "fd_fdstat_set_flags", (memory, a) -> SUCCESS,
                "fd_seek", (memory, a) -> SPIPE,
                "fd_tell", (memory, a) -> SPIPE);
        for (String name : WasiFiles.names()) {
            HostCall onStream = streams.get(name);
            table.put(
                    WASI + name,
                    (memory, a) -> onStream != null && isStream(a[0])
                            ? onStream.call(memory, a)
                            : file(name).call(memory, a));
        }
    }

    /** Without a grant no directory is open, so every descriptor is a bad one. */
    private HostCall file(String name) {
        WasiFiles known = files;
        if (known == null) {
            boolean scratch = granted(Wasi.Part.SCRATCH);
            boolean reads = granted(Wasi.Part.ASSETS);
            known = new WasiFiles(session.held(), scratch, reads ? assets : Optional.empty());
            files = known;
        }
        return known.function(name);
    }

    private boolean granted(Wasi.Part part) {
        AccessRequest request = new AccessRequest.UseWasi(part);
        return switch (session.desk().decide(request)) {
            case Decision.Allow _ -> true;
            case Decision.Deny deny -> {
                if (session.desk().requested().contains(new Wasi(part))) {
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
        if (fd == 0) {
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
            add(text, from, end);
            emit(error);
            from = end + 1;
        }
        add(text, from, text.length());
        if (unfinished.length() > Layouts.LONGEST_LOG_LINE) {
            emit(error);
        }
    }

    /** What goes beyond the longest line is lost anyway, and not kept until then. */
    private void add(String text, int from, int to) {
        int room = Layouts.LONGEST_LOG_LINE + 1 - unfinished.length();
        unfinished.append(text, from, Math.min(to, from + room));
    }

    private void emit(boolean error) {
        int longest = Layouts.LONGEST_LOG_LINE;
        String line = unfinished.substring(0, Math.min(unfinished.length(), longest));
        unfinished.setLength(0);
        session.log(error ? "WARN" : "INFO", Quote.line(line));
    }

    private static long read(GuestMemory memory, long fd, long out) {
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
        if (!memory.contains((int) out, FDSTAT_BYTES)) {
            return FAULT;
        }
        memory.write((int) out, new byte[FDSTAT_BYTES]);
        memory.writeByte((int) out, (byte) CHARACTER_DEVICE);
        memory.writeLong((int) out + 8, fd == 0 ? 2 : 64);
        return SUCCESS;
    }
}
