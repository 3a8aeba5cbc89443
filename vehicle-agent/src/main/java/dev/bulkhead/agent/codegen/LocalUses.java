package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import dev.bulkhead.agent.wasm.Op;
import java.util.Arrays;

/** Where each local of a function is read and written, by instruction index. */
final class LocalUses {
    private final int[][] reads;
    private final int[][] writes;

    LocalUses(Code code) {
        int[] readCount = new int[code.localCount()];
        int[] writeCount = new int[code.localCount()];
        for (int i = 0; i < code.size(); i++) {
            switch (code.op(i)) {
                case Op.LOCAL_GET -> readCount[code.a(i)]++;
                case Op.LOCAL_SET, Op.LOCAL_TEE -> writeCount[code.a(i)]++;
                default -> {}
            }
        }
        reads = allocate(readCount);
        writes = allocate(writeCount);
        for (int i = code.size() - 1; i >= 0; i--) {
            switch (code.op(i)) {
                case Op.LOCAL_GET -> reads[code.a(i)][--readCount[code.a(i)]] = i;
                case Op.LOCAL_SET, Op.LOCAL_TEE -> writes[code.a(i)][--writeCount[code.a(i)]] = i;
                default -> {}
            }
        }
    }

    private static int[][] allocate(int[] counts) {
        int[][] arrays = new int[counts.length][];
        for (int i = 0; i < counts.length; i++) {
            arrays[i] = new int[counts[i]];
        }
        return arrays;
    }

    /** Whether the local is read in [from, to). */
    boolean read(int local, int from, int to) {
        return any(reads[local], from, to);
    }

    boolean written(int local, int from, int to) {
        return any(writes[local], from, to);
    }

    private static boolean any(int[] places, int from, int to) {
        int place = Arrays.binarySearch(places, from);
        place = place < 0 ? -place - 1 : place;
        return place < places.length && places[place] < to;
    }
}
