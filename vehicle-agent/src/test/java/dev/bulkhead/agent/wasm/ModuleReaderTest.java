package dev.bulkhead.agent.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A small module does not become a large one by being read. */
final class ModuleReaderTest {
    private static final ReaderLimits LIMITS =
            new ReaderLimits(10, 10, 10, 1_000, 1_000, 100, 120, 1_500, 25, 1_000, true);
    private static final int I32 = 0x7F;
    private static final int END = 0x0B;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ModuleReaderTest() {
        write(0, 'a', 's', 'm', 1, 0, 0, 0);
    }

    private void write(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
    }

    /** An unsigned number in three bytes. */
    private void number(int value) {
        write((value & 0x7F) | 0x80, ((value >> 7) & 0x7F) | 0x80, value >> 14);
    }

    private void section(int id, byte[] content) {
        write(id);
        number(content.length);
        bytes.writeBytes(content);
    }

    private static byte[] times(int count, int... bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            for (int value : bytes) {
                all.write(value);
            }
        }
        return all.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private WasmModule read() {
        return ModuleReader.read(bytes.toByteArray(), LIMITS);
    }

    private void refused(String says) {
        WasmFormatException refusal = assertThrows(WasmFormatException.class, this::read);
        assertEquals(WasmFormatException.Kind.OVER_LIMIT, refusal.kind());
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(says + " (at offset 0x"), refusal.getMessage());
    }

    /** A global of an odd number of steps. */
    private static byte[] global(int steps) {
        return join(times(1, I32, 0, 0x41, 0), times((steps - 1) / 2, 0x41, 0, 0x6A), new byte[] {END});
    }

    @Test
    void countsTheStepsOfAllConstantExpressions() {
        section(6, join(new byte[] {2}, global(499), global(501)));
        assertEquals(2, read().globals().size());
    }

    @Test
    void refusesMoreStepsThanAllConstantExpressionsMayHave() {
        section(6, join(new byte[] {3}, global(499), global(499), global(3)));
        refused("1001 steps or more in all constant expressions, at most 1000 are accepted");
    }

    @Test
    void doesNotCountTheItemsOfElementSegmentsAmongThem() {
        byte[] header = {1, 5, 0x70, (byte) ((999 & 0x7F) | 0x80), 999 >> 7};
        section(9, join(header, times(999, 0xD0, 0x70, END)));
        int[] items = read().elements().getFirst().items();
        assertEquals(999, items.length);
        assertEquals(WasmModule.ElementSegment.NULL, items[998]);
    }

    @Test
    void refusesMoreParametersThanAllTypesMayHave() {
        byte[] type = join(new byte[] {0x60, 120}, times(120, I32), new byte[] {0});
        byte[] types = new byte[5_000 * type.length];
        for (int i = 0; i < 5_000; i++) {
            System.arraycopy(type, 0, types, i * type.length, type.length);
        }
        section(1, join(new byte[] {(byte) ((5_000 & 0x7F) | 0x80), 5_000 >> 7}, types));
        refused("500040 parameters and results of all types together, at most 500000 are accepted");
    }

    /** Functions of the same locals and length, of nops. */
    private void functions(int count, int bodyBytes, int... localGroups) {
        section(1, new byte[] {1, 0x60, 0, 0});
        section(3, join(new byte[] {(byte) count}, new byte[count]));
        byte[] groups = times(1, localGroups);
        byte[] length = {(byte) ((bodyBytes & 0x7F) | 0x80), (byte) (bodyBytes >> 7)};
        byte[] body = join(length, groups, times(bodyBytes - groups.length - 1, 0x01), new byte[] {END});
        section(10, join(new byte[] {(byte) count}, body.clone(), body, count == 2 ? new byte[0] : body));
    }

    @Test
    void takesAsManyBytesOfCodeAndLocalsAsMayBe() {
        functions(3, 500, 2, 4, I32, 4, 0x7E);
        assertEquals(3, read().bodies().size());
    }

    @Test
    void refusesMoreBytesOfCodeThanAllFunctionsMayHave() {
        functions(3, 501, 0);
        refused("function bodies so far of 1503 bytes, at most 1500 are accepted");
    }

    @Test
    void refusesMoreLocalsThanAllFunctionsMayHave() {
        functions(3, 100, 1, 9, I32);
        refused("functions so far with 27 locals, at most 25 are accepted");
    }

    @Test
    void leavesTooManyLocalsOfOneFunctionToWhoeverDecodesIt() {
        functions(2, 100, 1, 99, I32);
        WasmModule module = read();
        WasmFormatException refusal =
                assertThrows(WasmFormatException.class, () -> FunctionDecoder.decode(module, 0, LIMITS));
        assertTrue(
                String.valueOf(refusal.getMessage()).startsWith("in function 0: 99 locals, at most 10"),
                refusal.getMessage());
    }

    @Test
    void keepsNoNamesOfFunctionsThatCannotBe() {
        byte[] names = {1, 7, 2, 9, 1, 'a', 10, 1, 'b'};
        section(0, join(new byte[] {4, 'n', 'a', 'm', 'e'}, names));
        assertEquals(Map.of(9, "a"), read().names());
    }
}
