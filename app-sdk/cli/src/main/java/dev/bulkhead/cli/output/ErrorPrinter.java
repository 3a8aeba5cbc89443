package dev.bulkhead.cli.output;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command threw into an error a person can act on: what is wrong, then what to try. A {@link
 * CommandFailure} is expected; anything else is shown with its cause and, under {@code BULKHEAD_DEBUG=1}, its trace.
 */
public final class ErrorPrinter implements IExecutionExceptionHandler {
    private static final int MOST_CAUSES = 8;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ReaderGone) {
            return ExitCode.READER_GONE.status();
        }
        CommandFailure known = failure instanceof CommandFailure f ? f : unexpected(failure);
        print(known, command, wantsJson(parsed));
        if (System.getenv("BULKHEAD_DEBUG") != null) {
            failure.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        return known.exitCode().status();
    }

    static void print(CommandFailure failure, CommandLine command, boolean asJson) {
        if (asJson) {
            printJson(failure, command);
        } else {
            var err = command.getErr();
            err.println(command.getColorScheme().errorText("error: " + failure.getMessage()));
            failure.hint().ifPresent(hint -> err.println("  try: " + hint));
        }
        command.getErr().flush();
        command.getOut().flush();
    }

    private static void printJson(CommandFailure failure, CommandLine command) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", String.valueOf(failure.getMessage()));
        failure.hint().ifPresent(hint -> error.put("hint", hint));
        try {
            command.getOut()
                    .println(new com.fasterxml.jackson.databind.ObjectMapper()
                            .writeValueAsString(Map.of("error", error)));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            command.getErr().println(e.getMessage());
        }
    }

    private static boolean wantsJson(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.hasMatchedOption("--json");
    }

    private static CommandFailure unexpected(Exception failure) {
        StringBuilder text = new StringBuilder(describe(failure));
        Throwable cause = failure.getCause();
        for (int i = 0; cause != null && i < MOST_CAUSES; i++, cause = cause.getCause()) {
            String more = describe(cause);
            if (text.indexOf(more) < 0) {
                text.append(": ").append(more);
            }
        }
        return CommandFailure.failed(text.toString(), "BULKHEAD_DEBUG=1 bulkhead … shows where it happened");
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
