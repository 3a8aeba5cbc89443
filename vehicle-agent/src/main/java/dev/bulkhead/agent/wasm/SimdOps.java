package dev.bulkhead.agent.wasm;

/**
 * Shapes of the instructions behind the prefix {@code 0xFD} (specification, "Vector Instructions"), by the number after it. A shape is written
 * as operands, a colon, results: {@code v} for v128, {@code i l f d} for the scalar types.
 */
public final class SimdOps {
    public static final int LOAD = 0x00;
    public static final int FIRST_SPLAT_LOAD = 0x07;
    public static final int STORE = 0x0B;
    public static final int CONST = 0x0C;
    public static final int SHUFFLE = 0x0D;
    public static final int FIRST_LANE = 0x15;
    public static final int LAST_LANE = 0x22;
    public static final int FIRST_LOAD_LANE = 0x54;
    public static final int FIRST_STORE_LANE = 0x58;
    public static final int LAST_STORE_LANE = 0x5B;
    public static final int LOAD32_ZERO = 0x5C;
    public static final int LOAD64_ZERO = 0x5D;

    private static final String[] SHAPES = new String[0x100];

    static {
        put("vv:v", 0x0D, 0x0E, 0x23, 0x4C, 0x4E, 0x51, 0x60, 0xFF);
        put("i:v", 0x00, 0x0A, 0x0F, 0x11, 0x5C, 0x5D);
        put("iv:", 0x0B, 0x0B, 0x58, 0x5B);
        put(":v", 0x0C, 0x0C);
        put("l:v", 0x12, 0x12);
        put("f:v", 0x13, 0x13);
        put("d:v", 0x14, 0x14);
        put("v:i", 0x15, 0x16, 0x18, 0x19, 0x1B, 0x1B, 0x53, 0x53);
        put("v:l", 0x1D, 0x1D);
        put("v:f", 0x1F, 0x1F);
        put("v:d", 0x21, 0x21);
        put("vi:v", 0x17, 0x17, 0x1A, 0x1A, 0x1C, 0x1C);
        put("vl:v", 0x1E, 0x1E);
        put("vf:v", 0x20, 0x20);
        put("vd:v", 0x22, 0x22);
        put("v:v", 0x4D, 0x4D, 0x5E, 0x5F, 0x60, 0x62, 0x67, 0x6A, 0x74, 0x75, 0x7A, 0x7A, 0x7C, 0x7F);
        put("v:v", 0x80, 0x81, 0x87, 0x8A, 0x94, 0x94, 0xA0, 0xA1, 0xA7, 0xAA, 0xC0, 0xC1, 0xC7, 0xCA);
        put("v:v", 0xE0, 0xE1, 0xE3, 0xE3, 0xEC, 0xED, 0xEF, 0xEF, 0xF8, 0xFF);
        put("vvv:v", 0x52, 0x52);
        put("iv:v", 0x54, 0x57);
        put("v:i", 0x63, 0x64, 0x83, 0x84, 0xA3, 0xA4, 0xC3, 0xC4);
        put("vi:v", 0x6B, 0x6D, 0x8B, 0x8D, 0xAB, 0xAD, 0xCB, 0xCD);
        put("", 0x9A, 0x9A, 0xA2, 0xA2, 0xA5, 0xA6, 0xAF, 0xB0, 0xB2, 0xB4, 0xBB, 0xBB, 0xC2, 0xC2, 0xC5, 0xC6);
        put("", 0xCF, 0xD0, 0xD2, 0xD4, 0xE2, 0xE2, 0xEE, 0xEE);
    }

    private SimdOps() {}

    private static void put(String shape, int... ranges) {
        for (int i = 0; i < ranges.length; i += 2) {
            for (int sub = ranges[i]; sub <= ranges[i + 1]; sub++) {
                SHAPES[sub] = shape;
            }
        }
    }

    /** The shape of an instruction; empty if there is none of this number. */
    public static String shape(int sub) {
        return sub >= 0 && sub < SHAPES.length ? SHAPES[sub] : "";
    }

    /** Type that a letter of a shape stands for. */
    public static ValType type(char letter) {
        return switch (letter) {
            case 'i' -> ValType.I32;
            case 'l' -> ValType.I64;
            case 'f' -> ValType.F32;
            case 'd' -> ValType.F64;
            default -> ValType.V128;
        };
    }

    /** log2 of the bytes a load or store touches; −1 for what does not touch memory. */
    public static int accessWidth(int sub) {
        return switch (sub) {
            case LOAD, STORE -> 4;
            case 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x57, 0x5B, LOAD64_ZERO -> 3;
            case 0x09, 0x56, 0x5A, LOAD32_ZERO -> 2;
            case 0x08, 0x55, 0x59 -> 1;
            case 0x07, 0x54, 0x58 -> 0;
            default -> -1;
        };
    }

    /** Lanes of the vector that an instruction with a lane index picks from; 0 for others. */
    public static int lanes(int sub) {
        if (sub >= FIRST_LOAD_LANE && sub <= LAST_STORE_LANE) {
            return 16 >> accessWidth(sub);
        }
        return switch (sub) {
            case 0x15, 0x16, 0x17 -> 16;
            case 0x18, 0x19, 0x1A -> 8;
            case 0x1B, 0x1C, 0x1F, 0x20 -> 4;
            case 0x1D, 0x1E, 0x21, 0x22 -> 2;
            default -> 0;
        };
    }
}
