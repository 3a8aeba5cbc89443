package dev.bulkhead.cli;

import dev.bulkhead.cli.output.ErrorPrinter;
import dev.bulkhead.cli.output.UsagePrinter;
import java.io.PrintWriter;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** Entry of the process. */
public final class Main {
    /** Silent, for what it has to say comes back as a status too. Held, because a logger that nobody holds forgets its level. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private Main() {}

    public static void main(String[] args) {
        GRPC.setLevel(grpcLevel(System.getenv()));
        CommandLine tree = dressed(CommandTree.branchFor(args));
        // upon System.out itself, which alone knows when nobody reads it any more
        System.exit(tree.setOut(new PrintWriter(System.out, true, System.out.charset()))
                .execute(args));
    }

    /** Warnings of gRPC's are traces of Java, which only those who look into the program want to see. */
    static Level grpcLevel(Map<String, String> environment) {
        return environment.containsKey("BULKHEAD_DEBUG") ? Level.WARNING : Level.OFF;
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
