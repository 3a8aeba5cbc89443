package dev.bulkhead.agent.exec;

import java.util.List;
import java.util.Locale;

/**
 * How it went.
 *
 * @param results of the last call, as text
 * @param cpuMillis CPU time of each call, the one that ended badly included
 * @param fuel instructions charged to each call
 * @param memoryBytes linear memory, tables and element segments at the end
 * @param cause what trapped or why it was killed; empty when all went well
 * @param where function of the trap, if known
 */
public record ExecReport(
        List<String> results,
        List<Double> cpuMillis,
        List<Long> fuel,
        long memoryBytes,
        State state,
        String cause,
        String where) {
    public ExecReport {
        results = List.copyOf(results);
        cpuMillis = List.copyOf(cpuMillis);
        fuel = List.copyOf(fuel);
    }

    /** How the last call ended. */
    public enum State {
        OK,
        TRAP,
        KILLED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
