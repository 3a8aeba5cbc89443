package dev.bulkhead.cli.hal;

import picocli.CommandLine.Command;

/** {@code bulkhead dbc}. */
@Command(
        name = "dbc",
        mixinStandardHelpOptions = true,
        description = "Look into DBC files and decode logs with them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DbcShowCommand.class, DbcDecodeCommand.class})
public final class DbcCommand extends GroupCommand {}
