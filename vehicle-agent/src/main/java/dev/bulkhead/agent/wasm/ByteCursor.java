package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads the primitive encodings of the binary format within [position, end). Every read is bounds-checked. */
final class ByteCursor {
    private final byte[] bytes;
    private final int end;
    private int position;

    ByteCursor(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    boolean atEnd() {
        return position >= end;
    }

    int u8() {
        if (position >= end) {
            throw malformed(position, "unexpected end");
        }
        return bytes[position++] & 0xFF;
    }

    int peek() {
        if (position >= end) {
            throw malformed(position, "unexpected end");
        }
        return bytes[position] & 0xFF;
    }

    /** Unsigned 32-bit LEB128, as the int with the same bits. */
    int u32() {
        int result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift == 28 && (b & 0xF0) != 0) {
                throw malformed(
                        position - 1, (b & 0x80) != 0 ? "integer representation too long" : "integer too large");
            }
            result |= (b & 0x7F) << shift;
            if ((b & 0x80) == 0) {
                return result;
            }
        }
    }

    /** A u32 that must fit a Java array or list; {@code what} names it in the refusal. */
    int count(String what, int limit) {
        int at = position;
        int value = u32();
        if (value < 0 || value > limit) {
            throw WasmFormatException.overLimit(
                    at, Integer.toUnsignedString(value) + " " + what + ", at most " + limit + " are accepted");
        }
        return value;
    }

    int s32() {
        return (int) signed(32);
    }

    long s33() {
        return signed(33);
    }

    long s64() {
        return signed(64);
    }

    private long signed(int bits) {
        long result = 0;
        int shift = 0;
        while (true) {
            int b = u8();
            if (shift + 7 > bits) {
                checkLast(b, bits - shift);
            }
            result |= (long) (b & 0x7F) << shift;
            shift += 7;
            if ((b & 0x80) == 0) {
                return shift < 64 && (b & 0x40) != 0 ? result | -1L << shift : result;
            }
        }
    }

    private void checkLast(int b, int bitsLeft) {
        if ((b & 0x80) != 0) {
            throw malformed(position - 1, "integer representation too long");
        }
        int signAndUnused = (b & 0x7F) >> (bitsLeft - 1);
        int allOnes = 0x7F >> (bitsLeft - 1);
        if (signAndUnused != 0 && signAndUnused != allOnes) {
            throw malformed(position - 1, "integer too large");
        }
    }

    int f32Bits() {
        int result = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            result |= u8() << shift;
        }
        return result;
    }

    long f64Bits() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            result |= (long) u8() << shift;
        }
        return result;
    }

    String name() {
        int at = position;
        int length = u32();
        if (length < 0 || length > end - position) {
            throw malformed(
                    at,
                    "unexpected end: name of " + Integer.toUnsignedString(length) + " bytes, " + (end - position)
                            + " are left");
        }
        ByteBuffer slice = ByteBuffer.wrap(bytes, position, length);
        position += length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(slice)
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(at, "malformed UTF-8 encoding");
        }
    }

    byte[] take(int length) {
        if (length < 0 || length > end - position) {
            throw malformed(
                    position,
                    "unexpected end: " + Integer.toUnsignedString(length) + " bytes, " + (end - position)
                            + " are left");
        }
        byte[] copy = new byte[length];
        System.arraycopy(bytes, position, copy, 0, length);
        position += length;
        return copy;
    }

    /** A cursor over the next {@code length} bytes; this one moves behind them. */
    ByteCursor slice(int length) {
        if (length < 0 || length > end - position) {
            throw malformed(
                    position,
                    "length out of bounds: " + Integer.toUnsignedString(length) + " bytes, " + (end - position)
                            + " are left");
        }
        ByteCursor slice = new ByteCursor(bytes, position, position + length);
        position += length;
        return slice;
    }
}
