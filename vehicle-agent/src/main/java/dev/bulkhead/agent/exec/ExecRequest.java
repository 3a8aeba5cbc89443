package dev.bulkhead.agent.exec;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.util.List;

/**
 * What to run.
 *
 * @param function name of an exported function
 * @param arguments as text, one for each parameter: decimal or 0x numbers, floating point as Java reads it
 * @param repeat how often, 1 … 100000; all in one instance
 * @param engine how it is compiled; unmetered, the CPU limits of the budget do not hold
 */
public record ExecRequest(String function, List<String> arguments, int repeat, Budget budget, EngineKind engine) {
    public ExecRequest {
        arguments = List.copyOf(arguments);
        if (repeat < 1 || repeat > 100_000) {
            throw new IllegalArgumentException("repeat must lie in 1..100000: " + repeat);
        }
    }
}
