package dev.bulkhead.agent.codegen;

import java.util.ArrayList;
import java.util.List;

/** Where control goes from a piece, found while it is written. */
final class PieceWays {
    /** Out of the function, to what the state's tail call asks for. */
    static final int TAIL_CALL = -1;

    private final List<Integer> exits = new ArrayList<>();
    private List<JavaType> operands = List.of();
    private boolean on;

    /** The number a piece gives back for leaving to the block with so many around it. */
    int exitTo(int block) {
        if (!exits.contains(block)) {
            exits.add(block);
        }
        return exits.indexOf(block) + 1;
    }

    /** Notes that control goes on behind the piece with these operands. */
    void goesOn(List<JavaType> left) {
        on = true;
        operands = left;
    }

    /** Blocks it leaves for, in order of their numbers, which begin with 1. */
    List<Integer> exits() {
        return exits;
    }

    boolean on() {
        return on;
    }

    List<JavaType> operands() {
        return operands;
    }
}
