package dev.bulkhead.agent.wasm;

import static dev.bulkhead.agent.wasm.WasmFormatException.invalid;
import static dev.bulkhead.agent.wasm.WasmFormatException.malformed;
import static dev.bulkhead.agent.wasm.WasmFormatException.unsupported;

/** Decodes the vector instructions: all that follows the prefix {@code 0xFD}. */
final class SimdDecoder {
    private static final int SHUFFLED_LANES = 32;

    private final ValidationState state;
    private final ByteCursor in;

    SimdDecoder(ValidationState state) {
        this.state = state;
        this.in = state.in;
    }

    /** Decodes the instruction with this number behind the prefix. */
    void decode(int sub) {
        String shape = SimdOps.shape(sub);
        if (shape.isEmpty()) {
            if (sub >= 0x100 && sub <= 0x12F) {
                throw unsupported(state.at(), "relaxed SIMD is not accepted: its results differ between machines");
            }
            throw malformed(state.at(), "illegal opcode fd " + Integer.toHexString(sub));
        }
        if (!state.limits.vectors()) {
            throw ValType.noVectors(state.at());
        }
        int a = 0;
        long offset = 0;
        if (SimdOps.accessWidth(sub) >= 0) {
            offset = access(SimdOps.accessWidth(sub));
        }
        if (sub == SimdOps.CONST || sub == SimdOps.SHUFFLE) {
            a = sixteenBytes(sub == SimdOps.SHUFFLE ? SHUFFLED_LANES : 256);
        } else if (SimdOps.lanes(sub) > 0) {
            a = lane(SimdOps.lanes(sub));
        }
        types(shape);
        state.emit(Op.SIMD | sub, a, 0, offset);
    }

    private void types(String shape) {
        int colon = shape.indexOf(':');
        for (int i = colon - 1; i >= 0; i--) {
            state.pop(SimdOps.type(shape.charAt(i)));
        }
        for (int i = colon + 1; i < shape.length(); i++) {
            state.push(SimdOps.type(shape.charAt(i)));
        }
    }

    private long access(int width) {
        int align = in.u32();
        long offset = Integer.toUnsignedLong(in.u32());
        if (align >= 64 && align < 128) {
            throw unsupported(state.at(), "multiple memories are not accepted");
        }
        if (state.module.memory().isEmpty()) {
            throw invalid(state.at(), "unknown memory 0");
        }
        if (align < 0 || align > width) {
            throw align >= 32 || align < 0
                    ? malformed(state.at(), "malformed memop flags " + Integer.toUnsignedString(align))
                    : invalid(
                            state.at(),
                            "alignment must not be larger than natural: 2^" + align + " is above 2^" + width);
        }
        return offset;
    }

    private int lane(int lanes) {
        int lane = in.u8();
        if (lane >= lanes) {
            throw invalid(state.at(), "invalid lane index " + lane);
        }
        return lane;
    }

    /** Sixteen bytes as four ints in the pool, little-endian; gives the index of the first. */
    private int sixteenBytes(int below) {
        int first = -1;
        for (int word = 0; word < 4; word++) {
            int bits = 0;
            for (int shift = 0; shift < 32; shift += 8) {
                bits |= lane(below) << shift;
            }
            int at = state.code.addPool(bits);
            first = word == 0 ? at : first;
        }
        return first;
    }
}
