package dev.bulkhead.cli.sim;

import picocli.CommandLine.Command;

/** {@code bulkhead sim …}. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = "Run apps against a virtual vehicle in virtual time.",
        subcommands = {SimRunCommand.class},
        footer = {"", "Examples:", "  bulkhead sim run --seed 7 --json"})
public final class SimCommand {}
