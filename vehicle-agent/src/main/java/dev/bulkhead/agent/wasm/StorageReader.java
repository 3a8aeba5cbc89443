package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

import dev.bulkhead.agent.wasm.WasmModule.Global;
import dev.bulkhead.agent.wasm.WasmModule.Memory;
import dev.bulkhead.agent.wasm.WasmModule.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what an instance has room for: tables, the memory, globals. */
final class StorageReader {
    private static final long MAX_PAGES = 65_536;

    final List<Table> tables = new ArrayList<>();
    final List<Global> globals = new ArrayList<>();
    Optional<Memory> memory = Optional.empty();
    private final ReaderLimits limits;

    StorageReader(ReaderLimits limits) {
        this.limits = limits;
    }

    void readTables(ByteCursor in, ModuleReader module) {
        int count = in.count("tables", 1_000);
        long total = 0;
        for (int i = 0; i < count; i++) {
            int at = in.position();
            boolean initialised = in.peek() == 0x40;
            if (initialised) {
                in.u8();
                if (in.u8() != 0) {
                    throw malformed(at, "malformed table");
                }
            }
            ValType type = ValType.reference(in.u8(), at);
            long[] limit = limits(in, 0xFFFF_FFFFL, "table size");
            total += limit[0];
            if (total > limits.tableElements()) {
                throw overLimit(at, total + " table elements, at most " + limits.tableElements() + " are accepted");
            }
            ConstantExpression init =
                    initialised ? module.constants().read(in, type) : ConstantExpression.nullReference(type);
            tables.add(new Table(type, limit[0], limit[1], init, at));
        }
    }

    private long[] limits(ByteCursor in, long range, String what) {
        int at = in.position();
        int flags = in.u8();
        if ((flags & 2) != 0 && flags <= 7) {
            throw unsupported(at, "shared memory (threads) is not accepted");
        }
        if ((flags & 4) != 0 && flags <= 7) {
            throw unsupported(at, "64-bit addresses (memory64) are not accepted");
        }
        if (flags > 1) {
            throw malformed(at, "malformed limits flags " + flags);
        }
        long minimum = Integer.toUnsignedLong(in.u32());
        long maximum = flags == 1 ? Integer.toUnsignedLong(in.u32()) : range;
        if (minimum > range || maximum > range) {
            throw invalid(at, what + " must be at most " + range + ", not " + Math.max(minimum, maximum));
        }
        if (minimum > maximum) {
            throw invalid(at, "size minimum " + minimum + " must not be greater than maximum " + maximum);
        }
        return new long[] {minimum, maximum};
    }

    void importMemory(ByteCursor in, int at) {
        add(readMemory(in, true), at);
    }

    private Memory readMemory(ByteCursor in, boolean imported) {
        int at = in.position();
        long[] limit = limits(in, MAX_PAGES, "memory size (pages)");
        return new Memory(limit[0], limit[1], imported, at);
    }

    private void add(Memory added, int at) {
        if (memory.isPresent()) {
            throw unsupported(at, "multiple memories are not accepted");
        }
        memory = Optional.of(added);
    }

    void readMemories(ByteCursor in) {
        int count = in.count("memories", 100);
        for (int i = 0; i < count; i++) {
            int at = in.position();
            add(readMemory(in, false), at);
        }
    }

    void readGlobals(ByteCursor in, ModuleReader module) {
        int count = in.count("globals", limits.globals());
        for (int i = 0; i < count; i++) {
            int at = in.position();
            ValType type = ValType.read(in, limits);
            int mutable = in.u8();
            if (mutable > 1) {
                throw malformed(at + 1, "malformed mutability " + mutable);
            }
            globals.add(new Global(type, mutable == 1, module.constants().read(in, type)));
        }
    }
}
