package dev.bulkhead.cli.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Writes an app of a given size in bytes of WebAssembly: functions of some 600 bytes with locals, loops, branches, memory and calls of one another. */
final class BulkyModule {
    private static final int BODY = 600;
    private static final int LOCALS = 6;

    private final SplittableRandom random = new SplittableRandom(250);
    private final int functions;

    private BulkyModule(int functions) {
        this.functions = functions;
    }

    static byte[] ofBytes(int bytes) {
        return new BulkyModule(bytes / (BODY + 40)).module();
    }

    private byte[] module() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        // (i32) i32, () i32, (i32 i32) i32
        section(out, 1, bytes(3, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 0, 1, 0x7F, 0x60, 2, 0x7F, 0x7F, 1, 0x7F));
        ByteArrayOutputStream types = new ByteArrayOutputStream();
        leb(types, functions + 3);
        types.writeBytes(new byte[functions]);
        types.writeBytes(bytes(0, 1, 2));
        section(out, 3, types.toByteArray());
        section(out, 5, bytes(1, 0, 16));
        ByteArrayOutputStream exports = new ByteArrayOutputStream();
        exports.write(4);
        export(exports, "memory", 2, 0);
        export(exports, "alloc", 0, functions);
        export(exports, "on_start", 0, functions + 1);
        export(exports, "on_event", 0, functions + 2);
        section(out, 7, exports.toByteArray());
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        leb(code, functions + 3);
        for (int function = 0; function < functions; function++) {
            body(code, function(function));
        }
        body(code, bytes(0, 0x41, 0x80, 0x08, 0x0B)); // alloc: 1024
        body(code, bytes(0, 0x41, 3, 0x10, 0, 0x1A, 0x41, 0, 0x0B)); // on_start calls the first
        body(code, bytes(0, 0x20, 1, 0x10, 0, 0x1A, 0x41, 0, 0x0B)); // on_event too
        section(out, 10, code.toByteArray());
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static void section(ByteArrayOutputStream out, int id, byte[] content) {
        out.write(id);
        leb(out, content.length);
        out.writeBytes(content);
    }

    private static void export(ByteArrayOutputStream out, String name, int kind, int index) {
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write(kind);
        leb(out, index);
    }

    private static void body(ByteArrayOutputStream out, byte[] body) {
        leb(out, body.length);
        out.writeBytes(body);
    }

    /** A loop of as many turns as the parameter says, at most four. */
    private byte[] function(int index) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(1, LOCALS, 0x7F));
        out.writeBytes(bytes(0x20, 0, 0x41, 3, 0x71, 0x21, 1, 0x03, 0x40));
        while (out.size() < BODY) {
            statement(out, index);
        }
        out.writeBytes(bytes(0x20, 1, 0x41, 1, 0x6B, 0x22, 1, 0x41, 0, 0x4A, 0x0D, 0, 0x0B, 0x20, 2, 0x0B));
        return out.toByteArray();
    }

    private void statement(ByteArrayOutputStream out, int index) {
        int a = 2 + random.nextInt(LOCALS - 1);
        int b = 2 + random.nextInt(LOCALS - 1);
        switch (random.nextInt(5)) {
            case 0 -> out.writeBytes(bytes(0x20, a, 0x20, b, 0x6A + random.nextInt(3), 0x21, b));
            case 1 -> out.writeBytes(bytes(0x20, a, 0x41, 0xFF, 0x07, 0x71, 0x28, 2, random.nextInt(64), 0x21, b));
            case 2 -> out.writeBytes(bytes(0x20, a, 0x41, 0xFF, 0x07, 0x71, 0x20, b, 0x36, 2, random.nextInt(64)));
            case 3 -> out.writeBytes(bytes(0x20, a, 0x20, b, 0x48, 0x04, 0x40, 0x20, b, 0x41, 1, 0x74, 0x21, a, 0x0B));
            default -> {
                if (index + 1 < functions && random.nextInt(8) == 0) {
                    // a callee further on, with a parameter of 0: the calls end
                    out.writeBytes(bytes(0x41, 0, 0x10));
                    leb(out, index + 1 + random.nextInt(Math.min(8, functions - index - 1)));
                    out.writeBytes(bytes(0x21, a));
                } else {
                    out.writeBytes(bytes(0x20, a, 0x41, random.nextInt(64), 0x73, 0x21, b));
                }
            }
        }
    }

    private static void leb(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left > 0x7F) {
            out.write((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
