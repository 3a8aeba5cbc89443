package dev.bulkhead.agent.codegen;

import java.util.List;

/**
 * Instructions [start, end) of a function too long for one method, as a method of their own: they stand in one block and control enters them at their
 * start only. Locals and operands pass by way of a {@link Spill}.
 *
 * @param pieces within it; with none it keeps locals and operands in JVM locals while it runs, otherwise in the spill itself
 */
record Piece(int start, int end, List<Piece> pieces) {
    Piece {
        pieces = List.copyOf(pieces);
    }

    boolean leaf() {
        return pieces.isEmpty();
    }
}
