package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.overLimit;

import dev.bulkhead.agent.wasm.WasmModule.Body;

/**
 * Finds the bodies of a module's functions, and bounds what it takes to compile them all before that begins: time and memory grow with the bytes of code
 * and with the locals. One module.
 */
final class BodyReader {
    private final ReaderLimits limits;
    private long codeBytes;
    private long locals;

    BodyReader(ReaderLimits limits) {
        this.limits = limits;
    }

    Body read(ByteCursor in) {
        int at = in.position();
        ByteCursor body = in.slice(in.u32());
        int start = body.position();
        int bytes = body.end() - start;
        bounded(at, "function body of ", bytes, " bytes", limits.functionBytes());
        codeBytes += bytes;
        bounded(at, "function bodies so far of ", codeBytes, " bytes", limits.codeBytes());
        locals += declared(body);
        bounded(at, "functions so far with ", locals, " locals", limits.allLocals());
        return new Body(start, body.end());
    }

    private static void bounded(int at, String what, long value, String unit, int most) {
        if (value > most) {
            throw overLimit(at, what + value + unit + ", at most " + most + " are accepted");
        }
    }

    /** What is wrong with the locals of one function is said when it is decoded, with its name; here they count for nothing. */
    private long declared(ByteCursor body) {
        try {
            long declared = 0;
            for (int groups = body.count("local groups", limits.locals()); groups > 0; groups--) {
                declared += Integer.toUnsignedLong(body.u32());
                body.u8();
            }
            return declared > limits.locals() ? 0 : declared;
        } catch (WasmFormatException refusedLater) {
            return 0;
        }
    }
}
