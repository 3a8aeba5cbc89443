package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Instructions [start, end) of a function too long for one method, as a method of their own: they stand in one block and control enters them at their
 * start only. Locals and operands pass by way of a {@link Spill}.
 *
 * @param pieces within it; with none it keeps locals and operands in JVM locals while it runs, otherwise in the spill itself
 */
record Piece(
        int start, int end, List<Piece> pieces, @Nullable Passed passed) {
    /**
     * What passes between a piece and a caller that keeps its locals in JVM locals. The operands beneath are none of the piece's business.
     *
     * @param inputs locals that come as parameters
     * @param scratch locals it uses without need of their value before
     * @param outputs locals it hands back
     * @param ways how many ways lead out of it
     */
    record Passed(List<Integer> inputs, List<Integer> scratch, List<Integer> outputs, int ways) {
        Passed {
            inputs = List.copyOf(inputs);
            scratch = List.copyOf(scratch);
            outputs = List.copyOf(outputs);
        }

        /** JVM locals that its parameters take. */
        int slots(Code code) {
            return inputs.stream()
                    .mapToInt(local -> JavaType.of(code.local(local)).passedSlots())
                    .sum();
        }

        /** All locals it has to do with. */
        List<Integer> locals() {
            return Stream.concat(inputs.stream(), scratch.stream()).toList();
        }
    }

    Piece {
        pieces = List.copyOf(pieces);
    }

    /** One whose locals and operands pass by way of the spill. */
    static Piece spilled(int start, int end, List<Piece> pieces) {
        return new Piece(start, end, pieces, null);
    }

    boolean leaf() {
        return pieces.isEmpty();
    }
}
