package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;

/** Tells who interrupts the following of an assignment that it goes on without being watched. */
final class GoesOn {
    private final Thread farewell;

    private GoesOn(Thread farewell) {
        this.farewell = farewell;
    }

    /** Says which assignment is followed, and at an interrupt where to look for it. */
    static GoesOn announce(Output output, String assignment, int seconds) {
        output.note("assignment " + assignment + ", followed for up to " + seconds + " s");
        GoesOn announced = new GoesOn(new Thread(() -> output.note(farewell(assignment))));
        Runtime.getRuntime().addShutdownHook(announced.farewell);
        return announced;
    }

    static String farewell(String assignment) {
        return "assignment " + assignment + " goes on: bulkhead status " + assignment;
    }

    /** It was followed to its end; nothing has to be said any more. */
    void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException e) {
            // the process ends already, and has said so
            return;
        }
    }
}
