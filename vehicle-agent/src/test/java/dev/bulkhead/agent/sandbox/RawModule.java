package dev.bulkhead.agent.sandbox;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** A module written byte by byte, as large as one likes: for what the text format of wabt has not, or takes too long over. */
final class RawModule {
    static final int I32 = 0x7F;
    static final int FUNCREF = 0x70;
    static final int END = 0x0B;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    RawModule() {
        bytes.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    }

    /** What is written in a row. */
    static final class Part {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** Single bytes. */
        Part raw(int... values) {
            for (int value : values) {
                bytes.write(value);
            }
            return this;
        }

        /** An unsigned number, or a signed one from 0 to 63. */
        Part number(int value) {
            int left = value;
            while (left >>> 7 != 0) {
                bytes.write((left & 0x7F) | 0x80);
                left >>>= 7;
            }
            bytes.write(left);
            return this;
        }

        Part name(String ascii) {
            number(ascii.length());
            ascii.chars().forEach(bytes::write);
            return this;
        }

        Part times(int count, Consumer<Part> write) {
            for (int i = 0; i < count; i++) {
                write.accept(this);
            }
            return this;
        }

        /** Its length, then what is written to it. */
        Part sized(Consumer<Part> write) {
            Part inner = new Part();
            write.accept(inner);
            number(inner.bytes.size());
            bytes.writeBytes(inner.bytes.toByteArray());
            return this;
        }
    }

    RawModule section(int id, Consumer<Part> write) {
        bytes.writeBytes(new Part().raw(id).sized(write).bytes.toByteArray());
        return this;
    }

    /** The section with so many items, each written the same way. */
    RawModule section(int id, int count, Consumer<Part> item) {
        return section(id, part -> part.number(count).times(count, item));
    }

    /** Type 0: takes and gives nothing. */
    RawModule plainType() {
        return section(1, 1, type -> type.raw(0x60, 0, 0));
    }

    /** Functions of type 0 with the same locals and code, to which their end is added. */
    RawModule functions(int count, Consumer<Part> localsAndCode) {
        return section(3, count, function -> function.number(0))
                .section(
                        10,
                        count,
                        function -> function.sized(body -> {
                            localsAndCode.accept(body);
                            body.raw(END);
                        }));
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
