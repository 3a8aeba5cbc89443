package dev.bulkhead.agent.exec;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import dev.bulkhead.contract.pack.Assets;
import java.util.List;
import java.util.Optional;

/**
 * What to run.
 *
 * @param function name of an exported function
 * @param arguments as text, one for each parameter: decimal or 0x numbers, floating point as Java reads it
 * @param repeat how often, 1 … 100000; all in one instance
 * @param engine how it is compiled; unmetered, the CPU limits of the budget do not hold
 * @param assets what it finds as {@code /assets}, to be read; empty = no such directory
 */
public record ExecRequest(
        String function,
        List<String> arguments,
        int repeat,
        Budget budget,
        EngineKind engine,
        Optional<Assets> assets) {
    /** Without assets. */
    public ExecRequest(String function, List<String> arguments, int repeat, Budget budget, EngineKind engine) {
        this(function, arguments, repeat, budget, engine, Optional.empty());
    }

    public ExecRequest {
        arguments = List.copyOf(arguments);
        if (repeat < 1 || repeat > 100_000) {
            throw new IllegalArgumentException("repeat must lie in 1..100000: " + repeat);
        }
    }
}
