package dev.bulkhead.cli;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Grows the command tree below {@link Bulkhead}. Reading the options of some eighty commands by reflection takes longer than most of
 * them run, so one call grows the branch it needs; of the others it knows what the root's help says.
 */
final class CommandTree {
    /** Commands that speak about all the others. */
    private static final Set<String> SURVEYORS = Set.of("help", "generate-completion");

    private CommandTree() {}

    static CommandLine whole() {
        return grow(_ -> true);
    }

    /** The tree as far as these words need it: names and descriptions everywhere, options where the first word leads. */
    static CommandLine branchFor(String... words) {
        String first = Arrays.stream(words)
                .filter(word -> !word.startsWith("-"))
                .findFirst()
                .orElse("");
        return SURVEYORS.contains(first) ? whole() : grow(first::equals);
    }

    private static CommandLine grow(Predicate<String> wanted) {
        CommandLine root = new CommandLine(new Bulkhead());
        for (Class<?> command : Bulkhead.COMMANDS) {
            Command label = command.getAnnotation(Command.class);
            root.addSubcommand(wanted.test(label.name()) ? strict(new CommandLine(command)) : bud(label));
        }
        return root;
    }

    /** A word no command knows is a mistake; those that count as help would pass over it. */
    private static CommandLine strict(CommandLine command) {
        if (command.getCommand() instanceof GenerateCompletion) {
            command.getCommandSpec().helpCommand(false);
        }
        return command;
    }

    private static CommandLine bud(Command label) {
        CommandSpec spec = CommandSpec.create().name(label.name());
        spec.usageMessage()
                .description(label.description())
                .header(label.header())
                .hidden(label.hidden());
        return new CommandLine(spec);
    }
}
