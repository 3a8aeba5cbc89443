package dev.bulkhead.agent.ota;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One platform thread with a bounded mailbox: where the client's turns run on the road. */
public final class OtaStrand implements Executor, AutoCloseable {
    private static final int MOST_WAITING = 512;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("ota").factory());

    /** @throws RejectedExecutionException when {@value #MOST_WAITING} turns wait already, or after closing */
    @Override
    public void execute(Runnable turn) {
        thread.execute(turn);
    }

    /** Lets the running turn end, drops the waiting ones. */
    @Override
    public void close() {
        thread.shutdown();
        thread.getQueue().clear();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
