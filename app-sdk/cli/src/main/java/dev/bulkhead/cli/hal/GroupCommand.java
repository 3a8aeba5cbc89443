package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only lists those below it. */
abstract class GroupCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw CommandFailure.usage(
                "what with " + spec.name() + "? "
                        + String.join(", ", spec.subcommands().keySet()),
                spec.qualifiedName() + " --help");
    }
}
