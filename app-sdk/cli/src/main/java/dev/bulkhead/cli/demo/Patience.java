package dev.bulkhead.cli.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waiting for something that must come true. */
final class Patience {
    private static final long LOOK_MILLIS = 250;

    private Patience() {}

    /** Looks again and again until there is something, or the time is over. */
    static <T> T until(String what, Duration most, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < end) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            sleep();
        }
        throw new StepFailed("waited " + most.toSeconds() + " s in vain for " + what);
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("interrupted");
        }
    }
}
