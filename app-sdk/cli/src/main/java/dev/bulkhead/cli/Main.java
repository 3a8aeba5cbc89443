package dev.bulkhead.cli;

import dev.bulkhead.cli.output.ErrorPrinter;
import picocli.CommandLine;

/** Entry of the process. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command tree, also for tests: set its writers to read what it prints. */
    public static CommandLine commandLine() {
        return new CommandLine(new Bulkhead())
                .setExecutionExceptionHandler(new ErrorPrinter())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
