package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.Views;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead status}: how assignments stand. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show all assignments, or one with each of its vehicles.",
        footer = {"", "Examples:", "  bulkhead status", "  bulkhead status ID --json"})
public final class StatusCommand implements Runnable {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "An assignment (default: all).")
    private @Nullable String id;

    @Override
    public void run() {
        if (id != null) {
            String wanted = id;
            AssignmentPrinter.print(output, server.call(client -> client.assignment(wanted)));
            return;
        }
        List<Views.Assignment> assignments = server.call(ServerClient::assignments);
        if (output.isJson()) {
            output.json(assignments);
            return;
        }
        Table table = new Table("ASSIGNMENT", "APP", "VERSION", "CREATED", "FINISHED", "VEHICLES");
        assignments.forEach(
                a -> table.row(a.id(), a.appId(), a.version(), a.createdAt(), a.finished() ? "yes" : "no", a.counts()));
        output.table(table);
    }
}
