package dev.bulkhead.agent.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's real-time class (sched(7), {@code SCHED_RR}) for single threads; the JVM knows nice values only. The kernel keeps a twentieth of
 * each second for the others. Where it is not Linux, or the process may not ({@code RLIMIT_RTPRIO}), nothing changes. Thread-safe.
 */
@SuppressWarnings("restricted") // native code: gettid and sched_setscheduler of the C library
public final class RealTimeClass {
    private static final Logger LOG = LoggerFactory.getLogger(RealTimeClass.class);
    private static final int ORDINARY = 0;
    private static final int ROUND_ROBIN = 2;
    /** What a thread in the class starts is not in it. */
    private static final int RESET_ON_FORK = 0x4000_0000;

    private static final int LOWEST_PRIORITY = 1;

    private RealTimeClass() {}

    /**
     * Puts the calling thread into the class.
     *
     * @return puts that thread back among the ordinary ones; from any thread, as long as that one lives
     */
    public static Runnable enter() {
        return Kernel.FOUND.map(Kernel::enter).orElse(() -> {});
    }

    /** Found at the first call: a link into the C library takes tens of milliseconds to make. */
    private record Kernel(
            MethodHandle threadNumber, MethodHandle setScheduler, MemorySegment ordinary, MemorySegment lowest) {
        private static final Optional<Kernel> FOUND = find();

        private static Optional<Kernel> find() {
            return function("gettid", FunctionDescriptor.of(JAVA_INT))
                    .flatMap(threadNumber -> function(
                                    "sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS))
                            .map(setScheduler ->
                                    new Kernel(threadNumber, setScheduler, priority(0), priority(LOWEST_PRIORITY))));
        }

        private static Optional<MethodHandle> function(String name, FunctionDescriptor form) {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, form));
        }

        /** A {@code struct sched_param}. */
        private static MemorySegment priority(int value) {
            return Arena.global().allocateFrom(JAVA_INT, value);
        }

        Runnable enter() {
            int thread = call(() -> (int) threadNumber.invokeExact());
            schedule(thread, ROUND_ROBIN, lowest);
            return () -> schedule(thread, ORDINARY, ordinary);
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
