package dev.bulkhead.cli;

import dev.bulkhead.cli.output.ErrorPrinter;
import dev.bulkhead.cli.output.UsagePrinter;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** Entry of the process. */
public final class Main {
    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private Main() {}

    public static void main(String[] args) {
        GRPC.setLevel(Level.WARNING);
        System.exit(dressed(CommandTree.branchFor(args)).execute(args));
    }

    /** The whole command tree, also for tests: set its writers to read what it prints. */
    public static CommandLine commandLine() {
        return dressed(CommandTree.whole());
    }

    private static CommandLine dressed(CommandLine tree) {
        return tree.setExecutionExceptionHandler(new ErrorPrinter())
                .setParameterExceptionHandler(new UsagePrinter())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
