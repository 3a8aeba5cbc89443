package dev.bulkhead.agent.exec;

import dev.bulkhead.agent.files.MemoryPurse;
import dev.bulkhead.agent.files.WasiFiles;
import dev.bulkhead.agent.host.HostLinker;
import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.agent.sandbox.HostImports;
import dev.bulkhead.agent.sandbox.ImportGate;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.agent.sandbox.Signature;
import dev.bulkhead.contract.abi.HostFunction;
import dev.bulkhead.contract.abi.HostFunctions;
import dev.bulkhead.contract.pack.Assets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The WASI preview 1 functions an ordinary program needs. Files are in memory and gone with the run, or assets to be read; there are no arguments and no
 * environment.
 */
final class ExecImports {
    private static final String WASI = "wasi_snapshot_preview1";
    private static final int BADF = 8;
    private static final int FAULT = 21;
    private static final int INVAL = 28;
    private static final int SPIPE = 70;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_VECTORS = 1_024;

    private record Row(Signature signature, HostCall call) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final ExecOutput output;

    ExecImports(
            ExecOutput output,
            LongSupplier unixNanos,
            LongSupplier nanos,
            RandomGenerator random,
            Optional<Assets> assets) {
        this.output = output;
        row("args_get", "(i32,i32)i32", (memory, args) -> 0);
        row("args_sizes_get", "(i32,i32)i32", ExecImports::noSizes);
        row("environ_get", "(i32,i32)i32", (memory, args) -> 0);
        row("environ_sizes_get", "(i32,i32)i32", ExecImports::noSizes);
        row("proc_exit", "(i32)", (memory, args) -> {
            throw KillException.exited((int) args[0]);
        });
        row("sched_yield", "()i32", (memory, args) -> 0);
        row("clock_res_get", "(i32,i32)i32", (memory, args) -> putLong(memory, args[1], 1));
        row(
                "clock_time_get",
                "(i32,i64,i32)i32",
                (memory, args) -> putLong(memory, args[2], args[0] == 0 ? unixNanos.getAsLong() : nanos.getAsLong()));
        row("random_get", "(i32,i32)i32", (memory, args) -> random(memory, (int) args[0], (int) args[1], random));
        files(new WasiFiles(MemoryPurse.bottomless(), true, assets));
    }

    /** Descriptors up to 2 are the streams, the others are files. */
    private void files(WasiFiles files) {
        Map<String, HostCall> streams = Map.of(
                "fd_close", (memory, args) -> 0,
                "fd_fdstat_get", ExecImports::fdstat,
                "fd_fdstat_set_flags", (memory, args) -> 0,
                "fd_seek", (memory, args) -> SPIPE,
                "fd_tell", (memory, args) -> SPIPE,
                "fd_read", (memory, args) -> args[0] == 0 ? putInt(memory, args[3], 0) : BADF,
                "fd_write", this::write);
        for (String name : WasiFiles.names()) {
            HostCall onFile = files.function(name);
            HostCall onStream = streams.get(name);
            HostFunction function = HostFunctions.find(WASI, name)
                    .orElseThrow(() -> new IllegalStateException(name + " is not in the contract"));
            HostCall call = (memory, args) -> onStream != null && args[0] >= 0 && args[0] <= 2
                    ? onStream.call(memory, args)
                    : onFile.call(memory, args);
            rows.put(name, new Row(HostLinker.signature(function), call));
        }
    }

    private void row(String name, String signature, HostCall call) {
        rows.put(name, new Row(Signature.parse(signature), call));
    }

    ImportGate gate() {
        return (module, name) -> {
            Row row = module.equals(WASI) ? rows.get(name) : null;
            return row == null
                    ? new ImportGate.Ruling.Unknown(Optional.empty())
                    : new ImportGate.Ruling.Known(row.signature());
        };
    }

    HostImports imports() {
        HostImports.Builder builder = HostImports.builder();
        rows.forEach((name, row) -> builder.function(WASI, name, row.signature(), row.call()));
        return builder.build();
    }

    private static long noSizes(GuestMemory memory, long[] args) {
        long first = putInt(memory, args[0], 0);
        return first != 0 ? first : putInt(memory, args[1], 0);
    }

    private static long putInt(GuestMemory memory, long address, int value) {
        if (!memory.contains((int) address, 4)) {
            return FAULT;
        }
        memory.writeInt((int) address, value);
        return 0;
    }

    private static long putLong(GuestMemory memory, long address, long value) {
        if (!memory.contains((int) address, 8)) {
            return FAULT;
        }
        memory.writeLong((int) address, value);
        return 0;
    }

    private static long random(GuestMemory memory, int address, int length, RandomGenerator random) {
        if (length < 0 || length > MOST_BYTES) {
            return INVAL;
        }
        if (!memory.contains(address, length)) {
            return FAULT;
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        memory.write(address, bytes);
        return 0;
    }

    private static long fdstat(GuestMemory memory, long[] args) {
        if (!memory.contains((int) args[1], 24)) {
            return FAULT;
        }
        byte[] stat = new byte[24];
        // a character device that can be read or written and not sought in, so that libc buffers by lines
        stat[0] = 2;
        stat[8] = (byte) (args[0] == 0 ? 2 : 64);
        memory.write((int) args[1], stat);
        return 0;
    }

    private long write(GuestMemory memory, long[] args) {
        int vectors = (int) args[1];
        int count = (int) args[2];
        if (args[0] != 1 && args[0] != 2) {
            return BADF;
        }
        if (count < 0 || count > MOST_VECTORS) {
            return INVAL;
        }
        if (!memory.contains(vectors, 8 * count)) {
            return FAULT;
        }
        int written = 0;
        for (int i = 0; i < count; i++) {
            int address = memory.readInt(vectors + 8 * i);
            int length = memory.readInt(vectors + 8 * i + 4);
            if (length < 0 || written + length > MOST_BYTES) {
                return INVAL;
            }
            if (!memory.contains(address, length)) {
                return FAULT;
            }
            output.write((int) args[0], memory.read(address, length));
            written += length;
        }
        return putInt(memory, args[3], written);
    }
}
