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
@SuppressWarnings("restricted") // native code: sched_setscheduler of the C library
public final class RealTimeClass {
    private static final Logger LOG = LoggerFactory.getLogger(RealTimeClass.class);
    private static final int ORDINARY = 0;
    private static final int ROUND_ROBIN = 2;
    /** What a thread in the class starts is not in it. */
    private static final int RESET_ON_FORK = 0x4000_0000;

    private static final int LOWEST_PRIORITY = 1;
    private static final int CALLING_THREAD = 0;

    private RealTimeClass() {}

    /** Puts the calling thread into the class, or back among the ordinary ones. */
    public static void callingThread(boolean realTime) {
        Kernel.FOUND.ifPresent(kernel -> kernel.schedule(realTime));
    }

    /** Found at the first call: a link into the C library takes tens of milliseconds to make. */
    private record Kernel(MethodHandle setScheduler, MemorySegment ordinary, MemorySegment lowest) {
        private static final Optional<Kernel> FOUND = find();

        private static Optional<Kernel> find() {
            Linker linker = Linker.nativeLinker();
            FunctionDescriptor form = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
            return linker.defaultLookup()
                    .find("sched_setscheduler")
                    .map(address ->
                            new Kernel(linker.downcallHandle(address, form), priority(0), priority(LOWEST_PRIORITY)));
        }

        /** A {@code struct sched_param}. */
        private static MemorySegment priority(int value) {
            return Arena.global().allocateFrom(JAVA_INT, value);
        }

        void schedule(boolean realTime) {
            int policy = (realTime ? ROUND_ROBIN : ORDINARY) | RESET_ON_FORK;
            MemorySegment priority = realTime ? lowest : ordinary;
            try {
                int answer = (int) setScheduler.invokeExact(CALLING_THREAD, policy, priority);
                if (answer != 0) {
                    LOG.debug("the kernel does not schedule this thread as asked: real time {}", realTime);
                }
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                LOG.debug("sched_setscheduler cannot be called", e);
            }
        }
    }
}
