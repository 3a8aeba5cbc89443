package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead vehicles block|unblock ID}: whether the fleet deals with a vehicle at all. */
@Command(mixinStandardHelpOptions = true)
abstract sealed class BlockCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "ID", description = "A vehicle: see bulkhead vehicles.")
    private String id;

    private final boolean blocked;

    private BlockCommand(boolean blocked) {
        this.blocked = blocked;
    }

    @Override
    public void run() {
        Views.Vehicle vehicle = server.call(client -> client.setBlocked(id, blocked));
        if (output.isJson()) {
            output.json(vehicle);
        } else {
            output.line("vehicle " + id + (vehicle.blocked() ? " is kept out from now on" : " may come in again"));
        }
    }

    @Command(
            name = "block",
            description = "Keep a vehicle out: no connection, no certificate, and the one it has ends at once.",
            footer = {"", "Examples:", "  bulkhead vehicles block VIN-0001"})
    static final class Block extends BlockCommand {
        Block() {
            super(true);
        }
    }

    @Command(
            name = "unblock",
            description = "Let a vehicle in again.",
            footer = {"", "Examples:", "  bulkhead vehicles unblock VIN-0001"})
    static final class Unblock extends BlockCommand {
        Unblock() {
            super(false);
        }
    }
}
