package dev.bulkhead.cli.app;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.Budget.OnExceed;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.notation.ByteSize;
import dev.bulkhead.contract.notation.TimeSpan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The budget options of {@code exec}, written as in {@code app.toml}. */
final class ExecBudget {
    @Option(
            names = "--cpu",
            paramLabel = "SPAN[/PERIOD]",
            description = {
                "Most CPU: 500ms ends a call that takes more;",
                "20ms/100ms makes it wait for the next period (default: no limit)."
            })
    private @Nullable String cpu;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "1GiB",
            description = "Most linear memory, such as 4MiB (default: ${DEFAULT-VALUE}).")
    private String memory = "1GiB";

    @Option(
            names = "--on-exceed",
            paramLabel = "WHAT",
            defaultValue = "throttle",
            description = "When a period's CPU is used up: throttle or kill (default: ${DEFAULT-VALUE}).")
    private OnExceed onExceed = OnExceed.THROTTLE;

    Budget toBudget() {
        long memoryBytes = ByteSize.parse(memory)
                .orElseThrow(() -> CommandFailure.usage("--memory " + memory + " is no size", "--memory 4MiB"));
        if (cpu == null) {
            return Budget.unlimitedCpu(memoryBytes);
        }
        int slash = cpu.indexOf('/');
        if (slash < 0) {
            return new Budget(0, 100_000_000, span(cpu), memoryBytes, OnExceed.KILL);
        }
        return new Budget(span(cpu.substring(0, slash)), span(cpu.substring(slash + 1)), 0, memoryBytes, onExceed);
    }

    private static long span(String text) {
        return TimeSpan.parse(text)
                .filter(span -> span.isPositive())
                .orElseThrow(() -> CommandFailure.usage("--cpu: " + text + " is no time span", "--cpu 20ms/100ms"))
                .toNanos();
    }
}
