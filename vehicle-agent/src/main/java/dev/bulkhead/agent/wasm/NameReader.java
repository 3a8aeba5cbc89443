package dev.bulkhead.agent.wasm;

import java.util.Map;

/** Reads function names of the name section, for messages only: damage in it is ignored, not refused, as the specification asks. */
final class NameReader {
    private static final int LONGEST = 200;

    private NameReader() {}

    /** @param most names of functions from this number on are passed over */
    static void read(ByteCursor in, Map<Integer, String> names, int most) {
        try {
            while (!in.atEnd()) {
                int id = in.u8();
                ByteCursor part = in.slice(in.u32());
                if (id == 1) {
                    functions(part, names, most);
                }
            }
        } catch (WasmFormatException damaged) {
            names.clear();
        }
    }

    private static void functions(ByteCursor in, Map<Integer, String> names, int most) {
        int count = in.count("names", 100_000);
        for (int i = 0; i < count; i++) {
            int function = in.u32();
            String name = in.name();
            if (function >= 0 && function < most) {
                names.put(function, name.length() > LONGEST ? name.substring(0, LONGEST) : name);
            }
        }
    }
}
