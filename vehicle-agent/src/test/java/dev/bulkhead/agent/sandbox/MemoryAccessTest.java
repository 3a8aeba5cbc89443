package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.codegen.CodeForm;
import dev.bulkhead.agent.codegen.ModuleCompiler;
import dev.bulkhead.agent.wasm.ModuleReader;
import dev.bulkhead.agent.wasm.ReaderLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each load and store at each boundary, in both ways: by whole address where a function calls itself in line, in each level; by view elsewhere. */
final class MemoryAccessTest {
    private static final ReaderLimits LIMITS = new ReaderLimits(100, 100, 100, 10_000, 100, 100, 100, true);
    private static final int PAGE = 65_536;
    private static final long[] OFFSETS = {0, 1, 8, PAGE - 8, PAGE - 1, PAGE, (1L << 31) - 1, 1L << 31, (1L << 32) - 1};
    private static final long VALUE = 0x8877_6655_4433_2211L;

    /** An instruction, how many bytes it accesses, and the text around it that gives or takes an {@code i64}. */
    private record Access(String name, int bytes, String around) {
        boolean loads() {
            return name.contains("load");
        }

        String function(int number, long offset) {
            String instruction = name + " offset=" + Long.toUnsignedString(offset) + " (local.get 1)";
            String then = loads()
                    ? around.replace("@", "(" + instruction + ")")
                    : "(" + instruction + " " + around.replace("@", "(i64.const " + VALUE + ")") + ") (i64.const 0)";
            return "(func $f" + number + " (export \"f" + number + "\") (param i32 i32) (result i64)"
                    + " (if (i32.eqz (local.get 0)) (then (return " + then + ")))"
                    + " (call $f" + number + " (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))";
        }
    }

    private static final List<Access> ACCESSES = List.of(
            new Access("i32.load", 4, "(i64.extend_i32_u @)"),
            new Access("i64.load", 8, "@"),
            new Access("f32.load", 4, "(i64.extend_i32_u (i32.reinterpret_f32 @))"),
            new Access("f64.load", 8, "(i64.reinterpret_f64 @)"),
            new Access("i32.load8_s", 1, "(i64.extend_i32_s @)"),
            new Access("i32.load8_u", 1, "(i64.extend_i32_s @)"),
            new Access("i32.load16_s", 2, "(i64.extend_i32_s @)"),
            new Access("i32.load16_u", 2, "(i64.extend_i32_s @)"),
            new Access("i64.load8_s", 1, "@"),
            new Access("i64.load8_u", 1, "@"),
            new Access("i64.load16_s", 2, "@"),
            new Access("i64.load16_u", 2, "@"),
            new Access("i64.load32_s", 4, "@"),
            new Access("i64.load32_u", 4, "@"),
            new Access("i32.store", 4, "(i32.wrap_i64 @)"),
            new Access("i64.store", 8, "@"),
            new Access("f32.store", 4, "(f32.reinterpret_i32 (i32.wrap_i64 @))"),
            new Access("f64.store", 8, "(f64.reinterpret_i64 @)"),
            new Access("i32.store8", 1, "(i32.wrap_i64 @)"),
            new Access("i32.store16", 2, "(i32.wrap_i64 @)"),
            new Access("i64.store8", 1, "@"),
            new Access("i64.store16", 2, "@"),
            new Access("i64.store32", 4, "@"));

    private static String module(int pages, long offset) {
        StringBuilder text = new StringBuilder("(module (memory " + pages + ")");
        IntStream.range(0, ACCESSES.size())
                .forEach(number -> text.append(ACCESSES.get(number).function(number, offset)));
        return text + ")";
    }

    @Test
    void functionsWithCallsInLineGoByAddress() {
        byte[] module = Wat.bytes(module(1, 4));
        assertTrue(goesByAddress(module, CodeForm.METERED));
        assertTrue(goesByAddress(module, CodeForm.UNMETERED));
        assertFalse(goesByAddress(module, CodeForm.PLAIN), "has no calls in line");
    }

    private static boolean goesByAddress(byte[] module, CodeForm form) {
        return ModuleCompiler.compile(ModuleReader.read(module, LIMITS), LIMITS, form).classes().values().stream()
                .anyMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains("sandbox/GuestBytes"));
    }

    private static long[] addresses(int pages, long offset, int bytes) {
        long last = (long) pages * PAGE - offset - bytes;
        return LongStream.of(
                        0,
                        1,
                        last - 1,
                        last,
                        last + 1,
                        last + bytes,
                        (1L << 31) - 1,
                        1L << 31,
                        (1L << 32) - offset,
                        (1L << 32) - bytes,
                        (1L << 32) - 1)
                .filter(address -> address >= 0 && address < 1L << 32)
                .toArray();
    }

    @Test
    void byAddressEachAccessReachesTheMemoryAndNothingElse() {
        eachAccessReachesTheMemoryAndNothingElse(CompilingEngine.metered());
    }

    @Test
    void byViewEachAccessReachesTheMemoryAndNothingElse() {
        eachAccessReachesTheMemoryAndNothingElse(CompilingEngine.plain());
    }

    private static void eachAccessReachesTheMemoryAndNothingElse(CompilingEngine engine) {
        for (int pages = 0; pages <= 1; pages++) {
            for (long offset : OFFSETS) {
                Instance instance =
                        OutOfFuelTest.instance(engine, Wat.bytes(module(pages, offset)), CpuMeter.unlimited());
                for (int number = 0; number < ACCESSES.size(); number++) {
                    for (long address :
                            addresses(pages, offset, ACCESSES.get(number).bytes())) {
                        for (int depth = 0; depth <= 3; depth++) {
                            accesses(instance, number, depth, address, offset);
                        }
                    }
                }
            }
        }
    }

    private static void accesses(Instance instance, int number, int depth, long address, long offset) {
        Access access = ACCESSES.get(number);
        byte[] before = fill(instance.memory());
        int operand = (int) address;
        Outcome outcome = instance.call("f" + number, depth, operand);
        String where = access.name + " offset=" + offset + " at " + address + " in level " + depth;
        if (address + offset + access.bytes > before.length) {
            assertEquals(
                    TrapKind.MEMORY_OUT_OF_BOUNDS,
                    assertInstanceOf(Outcome.Trapped.class, outcome, where).kind(),
                    where);
        } else if (access.loads()) {
            assertEquals(
                    new Outcome.Returned(List.of(loaded(access, before, (int) (address + offset)))), outcome, where);
        } else {
            assertEquals(new Outcome.Returned(List.of(0L)), outcome, where);
            byte[] value = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(VALUE)
                    .array();
            System.arraycopy(value, 0, before, (int) (address + offset), access.bytes);
        }
        assertArrayEquals(before, bytes(instance.memory()), where);
    }

    private static long loaded(Access access, byte[] memory, int at) {
        byte[] bytes = Arrays.copyOf(Arrays.copyOfRange(memory, at, at + access.bytes), 8);
        long value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int unused = 64 - 8 * access.bytes;
        return access.name.endsWith("_s") ? value << unused >> unused : value;
    }

    private static byte[] fill(GuestMemory memory) {
        byte[] bytes = new byte[(int) memory.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37 + 129);
        }
        memory.write(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] bytes(GuestMemory memory) {
        byte[] bytes = new byte[(int) memory.size()];
        memory.read(0, bytes, 0, bytes.length);
        return bytes;
    }
}
