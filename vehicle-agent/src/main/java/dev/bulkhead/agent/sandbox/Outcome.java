package dev.bulkhead.agent.sandbox;

import java.util.List;

/** How a call into the guest ended. After {@code Trapped} or {@code Killed} the instance is spent: throw it away. */
public sealed interface Outcome {
    /** Results as raw bits, see {@link HostCall}. */
    record Returned(List<Long> results) implements Outcome {
        public Returned {
            results = List.copyOf(results);
        }

        /** The only or first result as {@code i32}; 0 for a function without one. */
        public int status() {
            return results.isEmpty() ? 0 : results.getFirst().intValue();
        }
    }

    /** {@code where} names the function if known, else it is empty. */
    record Trapped(TrapKind kind, String message, String where) implements Outcome {}

    /** {@code exitCode} is meaningful with {@link KillCause#EXITED} only. */
    record Killed(KillCause cause, int exitCode) implements Outcome {}
}
