package dev.bulkhead.cli.home;

import java.util.concurrent.CountDownLatch;

/** Keeps a server program running until the process is asked to end, then shuts it down in order. */
public final class RunUntilStopped {
    private RunUntilStopped() {}

    /** Waits for SIGINT or SIGTERM; {@code shutdown} has run when the process ends. */
    public static void await(Runnable shutdown) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            shutdown.run();
            stopped.countDown();
        }));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
