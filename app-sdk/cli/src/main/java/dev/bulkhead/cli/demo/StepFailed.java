package dev.bulkhead.cli.demo;

/** A step of the demo did not go as it must. */
final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailed(String message) {
        super(message);
    }
}
