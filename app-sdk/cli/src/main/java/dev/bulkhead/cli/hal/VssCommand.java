package dev.bulkhead.cli.hal;

import picocli.CommandLine.Command;

/** {@code bulkhead vss}. */
@Command(
        name = "vss",
        mixinStandardHelpOptions = true,
        description = "Look into VSS trees.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {VssShowCommand.class})
public final class VssCommand extends GroupCommand {}
