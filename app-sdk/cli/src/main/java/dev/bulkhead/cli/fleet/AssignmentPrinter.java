package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.Views;
import java.util.List;
import java.util.stream.Collectors;

/** One assignment, for a person or a program. */
final class AssignmentPrinter {
    private AssignmentPrinter() {}

    /** An assignment and those that were followed with it; more than one are a JSON list. */
    static void printAll(Output output, List<Views.Assignment> assignments) {
        if (output.isJson() && assignments.size() > 1) {
            output.json(assignments);
        } else {
            assignments.forEach(assignment -> print(output, assignment));
        }
    }

    static void print(Output output, Views.Assignment assignment) {
        if (output.isJson()) {
            output.json(assignment);
            return;
        }
        output.line("assignment " + assignment.id() + ": " + assignment.appId() + " " + assignment.version()
                + (assignment.wholeFleet() ? " for the whole fleet" : "") + together(assignment)
                + " " + assignment.counts());
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

    private static String together(Views.Assignment assignment) {
        return assignment.companions().isEmpty()
                ? ""
                : assignment.companions().stream()
                        .map(each -> each.appId() + " " + each.version() + " (" + each.id() + ")")
                        .collect(Collectors.joining(", ", ", as one with ", ","));
    }

    private static Style style(String state) {
        return switch (state) {
            case "succeeded" -> Style.GOOD;
            case "failed", "refused", "rolled-back" -> Style.BAD;
            default -> Style.WARN;
        };
    }
}
