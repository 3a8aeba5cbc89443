package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.Views;

/** One assignment, for a person or a program. */
final class AssignmentPrinter {
    private AssignmentPrinter() {}

    static void print(Output output, Views.Assignment assignment) {
        if (output.isJson()) {
            output.json(assignment);
            return;
        }
        output.line("assignment " + assignment.id() + ": " + assignment.appId() + " " + assignment.version()
                + (assignment.wholeFleet() ? " for the whole fleet" : "") + " " + assignment.counts());
        Table table = new Table("VEHICLE", "STATE", "REASON", "DETAIL", "UPDATED");
        for (Views.Action action : assignment.vehicles()) {
            table.row(
                    action.vehicleId(),
                    Table.styled(style(action.state()), action.state()),
                    action.reason(),
                    action.detail(),
                    action.updatedAt());
        }
        if (!table.isEmpty()) {
            output.table(table);
        }
    }

    private static Style style(String state) {
        return switch (state) {
            case "succeeded" -> Style.GOOD;
            case "failed", "refused", "rolled-back" -> Style.BAD;
            default -> Style.WARN;
        };
    }
}
