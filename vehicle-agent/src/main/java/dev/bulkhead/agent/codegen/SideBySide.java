package dev.bulkhead.agent.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Independent work by number, done by the calling thread and a second one of its priority. A module is mostly compiled before the JIT has compiled
 * the compiler, so that both cores have enough to do.
 */
final class SideBySide {
    private static final long STACK_BYTES = 8L << 20;

    private SideBySide() {}

    /** The results in the order of their numbers; of several failures the one with the lowest number, whoever came first. */
    static <T> List<T> results(int count, IntFunction<T> work) {
        List<FutureTask<T>> tasks = IntStream.range(0, count)
                .mapToObj(number -> new FutureTask<>(() -> work.apply(number)))
                .toList();
        AtomicInteger next = new AtomicInteger();
        Runnable worker = () -> {
            for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                tasks.get(number).run();
            }
        };
        if (count > 1) {
            Thread.ofPlatform()
                    .name("codegen")
                    .daemon(true)
                    .stackSize(STACK_BYTES)
                    .start(worker);
        }
        worker.run();
        List<T> results = new ArrayList<>(count);
        tasks.forEach(task -> results.add(result(task)));
        return results;
    }

    /** Waits for what the second thread has begun, which ends by itself; an interrupt is for what comes after. */
    private static <T> T result(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrown(Objects.requireNonNull(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }
}
