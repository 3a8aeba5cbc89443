package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;

import dev.bulkhead.agent.wasm.ConstantExpression.Step;
import dev.bulkhead.agent.wasm.WasmModule.DataSegment;
import dev.bulkhead.agent.wasm.WasmModule.ElementSegment;
import dev.bulkhead.agent.wasm.WasmModule.Mode;
import java.util.ArrayList;
import java.util.List;

/** Reads element and data segments. */
final class SegmentReader {
    private static final ConstantExpression NOWHERE =
            new ConstantExpression(ValType.I32, List.of(new Step.Constant(0)));

    final List<ElementSegment> elements = new ArrayList<>();
    final List<DataSegment> data = new ArrayList<>();
    private int items;

    void readElements(ByteCursor in, ModuleReader module) {
        ConstantReader constants = module.constants();
        int count = in.count("element segments", 100_000);
        for (int i = 0; i < count; i++) {
            elements.add(element(in, module, constants));
        }
    }

    private ElementSegment element(ByteCursor in, ModuleReader module, ConstantReader constants) {
        int at = in.position();
        int flags = in.u32();
        if (flags < 0 || flags > 7) {
            throw malformed(at, "malformed element segment flags " + Integer.toUnsignedString(flags));
        }
        Mode mode = (flags & 1) == 0 ? Mode.ACTIVE : (flags & 2) == 0 ? Mode.PASSIVE : Mode.DECLARATIVE;
        boolean explicit = (flags & 2) != 0;
        boolean expressions = (flags & 4) != 0;
        int table = 0;
        ConstantExpression offset = NOWHERE;
        if (mode == Mode.ACTIVE) {
            table = activeTable(in, module, explicit, at);
            offset = constants.read(in, ValType.I32);
        }
        ValType type = ValType.FUNCREF;
        if ((flags & 3) != 0) {
            int kindAt = in.position();
            int kind = in.u8();
            if (expressions) {
                type = ValType.reference(kind, kindAt);
            } else if (kind != 0) {
                throw malformed(kindAt, "malformed element kind " + kind);
            }
        }
        if (mode == Mode.ACTIVE && module.table(table).type() != type) {
            throw invalid(
                    at,
                    "type mismatch: segment of " + type + " for a table of "
                            + module.table(table).type());
        }
        return new ElementSegment(mode, type, table, offset, items(in, module, constants, type, expressions), at);
    }

    private static int activeTable(ByteCursor in, ModuleReader module, boolean explicit, int at) {
        int table = explicit ? module.tableIndex(in) : 0;
        if (!explicit && !module.hasTable()) {
            throw invalid(at, "unknown table 0");
        }
        return table;
    }

    private int[] items(
            ByteCursor in, ModuleReader module, ConstantReader constants, ValType type, boolean expressions) {
        int at = in.position();
        int count = in.count("elements", module.tableElementLimit());
        items += count;
        if (items > module.tableElementLimit()) {
            throw overLimit(
                    at, items + " elements in segments, at most " + module.tableElementLimit() + " are accepted");
        }
        int[] references = new int[count];
        for (int i = 0; i < count; i++) {
            references[i] = expressions ? constants.reference(in, type) : constants.function(in, in.position());
        }
        return references;
    }

    void readData(ByteCursor in, ModuleReader module, int announced) {
        int at = in.position();
        int count = in.count("data segments", 100_000);
        if (announced >= 0 && announced != count) {
            throw malformed(
                    at, "data count and data section have inconsistent lengths: " + announced + " and " + count);
        }
        for (int i = 0; i < count; i++) {
            data.add(datum(in, module));
        }
    }

    private static DataSegment datum(ByteCursor in, ModuleReader module) {
        int at = in.position();
        int flags = in.u32();
        if (flags < 0 || flags > 2) {
            throw malformed(at, "malformed data segment flags " + Integer.toUnsignedString(flags));
        }
        if (flags == 1) {
            return new DataSegment(Mode.PASSIVE, NOWHERE, in.take(in.u32()));
        }
        if (flags == 2) {
            module.memoryIndex(in);
        } else if (!module.hasMemory()) {
            throw invalid(at, "unknown memory 0");
        }
        ConstantExpression offset = module.constants().read(in, ValType.I32);
        return new DataSegment(Mode.ACTIVE, offset, in.take(in.u32()));
    }
}
