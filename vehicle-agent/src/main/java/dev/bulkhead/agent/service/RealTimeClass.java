package dev.bulkhead.agent.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's real-time class (sched(7), {@code SCHED_RR}) for single threads, for 20 ms at most; the JVM knows nice values only. Who is longer in it
 * is called by a thread that comes before it, whatever holds the machine's cores. The kernel keeps a twentieth of each second for the others. Where it
 * is not Linux, or the process may not ({@code RLIMIT_RTPRIO}), nothing changes. Thread-safe.
 */
@SuppressWarnings("restricted") // native code: gettid and sched_setscheduler of the C library
public final class RealTimeClass {
    private static final Logger LOG = LoggerFactory.getLogger(RealTimeClass.class);
    private static final long LONGEST_NANOS = 20_000_000L;
    private static final int ORDINARY = 0;
    private static final int ROUND_ROBIN = 2;
    /** What a thread in the class starts is not in it. */
    private static final int RESET_ON_FORK = 0x4000_0000;

    /** Its thread starts with the first who enters. */
    private final ScheduledThreadPoolExecutor guard;

    private final CompletableFuture<Void> guarded = new CompletableFuture<>();

    public RealTimeClass() {
        ThreadFactory threads =
                Thread.ofPlatform().daemon().name("real time is over").factory();
        guard = new ScheduledThreadPoolExecutor(
                1,
                task -> threads.newThread(() -> {
                    Kernel.FOUND.ifPresent(Kernel::lead);
                    guarded.complete(null);
                    task.run();
                }));
        guard.setRemoveOnCancelPolicy(true);
    }

    /**
     * Puts the calling thread into the class.
     *
     * @param late called on another thread when this one was not put back in time; is to do that
     * @return puts this thread back among the ordinary ones; from any thread, as long as this one lives
     */
    public Runnable enter(Runnable late) {
        return Kernel.FOUND.map(kernel -> enter(kernel, late)).orElse(() -> {});
    }

    private Runnable enter(Kernel kernel, Runnable late) {
        guard.prestartCoreThread();
        guarded.join(); // else who enters might keep the core from it
        int thread = kernel.enter();
        Future<?> end = guard.schedule(late, LONGEST_NANOS, TimeUnit.NANOSECONDS);
        return () -> {
            end.cancel(false);
            kernel.leave(thread);
        };
    }

    /** Found at the first call: a link into the C library takes tens of milliseconds to make. */
    private record Kernel(
            MethodHandle threadNumber,
            MethodHandle setScheduler,
            MemorySegment none,
            MemorySegment lowest,
            MemorySegment next) {
        private static final Optional<Kernel> FOUND = find();

        private static Optional<Kernel> find() {
            return function("gettid", FunctionDescriptor.of(JAVA_INT))
                    .flatMap(threadNumber -> function(
                                    "sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS))
                            .map(setScheduler ->
                                    new Kernel(threadNumber, setScheduler, priority(0), priority(1), priority(2))));
        }

        private static Optional<MethodHandle> function(String name, FunctionDescriptor form) {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, form));
        }

        /** A {@code struct sched_param}. */
        private static MemorySegment priority(int value) {
            return Arena.global().allocateFrom(JAVA_INT, value);
        }

        /** The calling thread; answers its number. */
        int enter() {
            int thread = callingThread();
            schedule(thread, ROUND_ROBIN, lowest);
            return thread;
        }

        void leave(int thread) {
            schedule(thread, ORDINARY, none);
        }

        /** The calling thread comes before all who enter. */
        void lead() {
            schedule(callingThread(), ROUND_ROBIN, next);
        }

        private int callingThread() {
            return call(() -> (int) threadNumber.invokeExact());
        }

        private void schedule(int thread, int policy, MemorySegment priority) {
            if (call(() -> (int) setScheduler.invokeExact(thread, policy | RESET_ON_FORK, priority)) != 0) {
                LOG.debug("the kernel does not give thread {} policy {}", thread, policy);
            }
        }

        private interface Call {
            int run() throws Throwable;
        }

        private static int call(Call call) {
            try {
                return call.run();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a call into the C library failed", e);
            }
        }
    }
}
