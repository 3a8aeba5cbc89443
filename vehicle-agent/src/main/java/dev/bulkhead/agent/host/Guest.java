package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.contract.abi.Status;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads what a guest points to, checking every (pointer, length) once. Lengths are the guest's i32, negative ones included. */
final class Guest {
    static final long OK = Status.OK.code();
    static final long FAULT = Status.FAULT.code();
    static final long INVAL = Status.INVAL.code();

    private Guest() {}

    /** OK, INVAL for a length outside 0..most, or FAULT for bytes outside the memory. */
    static long check(GuestMemory memory, long pointer, long length, int most) {
        if (length < 0 || length > most) {
            return INVAL;
        }
        return memory.contains((int) pointer, (int) length) ? OK : FAULT;
    }

    /** As {@link #check}, for {@code count} records of {@code size} bytes. */
    static long checkRecords(GuestMemory memory, long pointer, long count, int size, int most) {
        if (count < 0 || count > most) {
            return INVAL;
        }
        return memory.contains((int) pointer, (int) count * size) ? OK : FAULT;
    }

    /** The text at a checked place; empty when it is not UTF-8. */
    static Optional<String> text(GuestMemory memory, long pointer, long length) {
        byte[] bytes = memory.read((int) pointer, (int) length);
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The text at a checked place, with every broken sequence replaced. */
    static String forgivingText(GuestMemory memory, long pointer, long length) {
        return new String(memory.read((int) pointer, (int) length), StandardCharsets.UTF_8);
    }

    /** Answers the length of {@code bytes}, and writes them if they fit in {@code cap}. */
    static long answer(GuestMemory memory, long out, long cap, byte[] bytes) {
        long checked = check(memory, out, cap, Integer.MAX_VALUE);
        if (checked != OK) {
            return checked;
        }
        if (bytes.length <= cap) {
            memory.write((int) out, bytes);
        }
        return bytes.length;
    }
}
