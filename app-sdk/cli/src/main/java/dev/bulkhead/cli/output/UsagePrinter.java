package dev.bulkhead.cli.output;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, what was probably meant, and where the options are described. */
public final class UsagePrinter implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        String hint = command.getCommandSpec().qualifiedName() + " --help";
        CommandFailure known = CommandFailure.usage(String.valueOf(failure.getMessage()), meant(failure, hint));
        ErrorPrinter.print(known, command, Arrays.asList(args).contains("--json"));
        return known.exitCode().status();
    }

    private static String meant(ParameterException failure, String otherwise) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                return String.join(", ", suggestions) + "; " + otherwise;
            }
        }
        return otherwise;
    }
}
