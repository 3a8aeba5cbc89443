package dev.bulkhead.agent.codegen;

import java.util.List;

/**
 * A loop as a method of its own that returns now and then to be entered again: metered, when the fuel runs out; unmetered, after some turns. The JIT's
 * on-stack replacement in the middle of a loop nest keeps variables in memory and halves the speed for as long as the outer loop runs; a
 * method that is entered again runs as it was compiled from the start as soon as it is compiled.
 *
 * @param start index of its opener
 * @param end index of its end
 * @param parent start of the region around it, {@link #ROOT} for the function itself
 * @param inputs locals passed to it
 * @param scratch locals it uses without need of their value before
 * @param outputs locals handed back at every exit
 * @param exits where control goes from it
 */
record Region(
        int number,
        int start,
        int end,
        int parent,
        List<Integer> inputs,
        List<Integer> scratch,
        List<Integer> outputs,
        List<Exit> exits) {
    static final int ROOT = -1;

    Region {
        inputs = List.copyOf(inputs);
        scratch = List.copyOf(scratch);
        outputs = List.copyOf(outputs);
        exits = List.copyOf(exits);
    }

    /** A way out; {@code block} is how many blocks are open around the target within the function, {@link #FALL_THROUGH} for the end of the loop. */
    record Exit(int block) {
        static final int FALL_THROUGH = -1;

        /** Back to the head of the loop, by way of a new call. */
        static final int AGAIN = -2;
    }

    /** Whether that region of the same function is this one. */
    boolean is(Region other) { // to link a record's own equals takes 20 ms of an app's first start
        return start == other.start;
    }

    /** The number of the exit to there, or −1. */
    int exitTo(int block) {
        for (int exit = 0; exit < exits.size(); exit++) {
            if (exits.get(exit).block() == block) {
                return exit;
            }
        }
        return -1;
    }
}
