package dev.bulkhead.cli.hal;

import picocli.CommandLine.Command;

/** {@code bulkhead can}. */
@Command(
        name = "can",
        mixinStandardHelpOptions = true,
        description = "Listen to a CAN bus, send on it, play logs onto it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CanDumpCommand.class, CanSendCommand.class, CanReplayCommand.class})
public final class CanCommand extends GroupCommand {}
