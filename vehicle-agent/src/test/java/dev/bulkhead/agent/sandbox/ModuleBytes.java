package dev.bulkhead.agent.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Writes modules in the binary format, for what the text format of wabt has not or would take too long for. */
final class ModuleBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ModuleBytes() {}

    static byte[] module(Consumer<ModuleBytes> sections) {
        ModuleBytes module = new ModuleBytes();
        module.raw(0, 'a', 's', 'm', 1, 0, 0, 0);
        sections.accept(module);
        return module.bytes.toByteArray();
    }

    /** A section of {@code count} items. */
    ModuleBytes section(int id, int count, IntFunction<Consumer<ModuleBytes>> item) {
        raw(id);
        return sized(section -> {
            section.number(count);
            for (int i = 0; i < count; i++) {
                item.apply(i).accept(section);
            }
        });
    }

    /** Bytes with their length before them. */
    ModuleBytes sized(Consumer<ModuleBytes> content) {
        ModuleBytes inner = new ModuleBytes();
        content.accept(inner);
        number(inner.bytes.size());
        bytes.writeBytes(inner.bytes.toByteArray());
        return this;
    }

    /** The body of a function without locals of its own. */
    ModuleBytes body(Consumer<ModuleBytes> code) {
        return sized(body -> {
            body.raw(0);
            code.accept(body);
            body.raw(0x0B);
        });
    }

    ModuleBytes raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    /** Unsigned LEB128. */
    ModuleBytes number(int value) {
        int rest = value;
        while (rest >>> 7 != 0) {
            bytes.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
        return this;
    }

    /** Signed LEB128, of an {@code i32.const} or {@code i64.const}. */
    ModuleBytes signed(long value) {
        long rest = value;
        while (rest >> 6 != 0 && rest >> 6 != -1) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>= 7;
        }
        bytes.write((int) (rest & 0x7F));
        return this;
    }

    ModuleBytes name(String name) {
        return sized(text -> text.bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
