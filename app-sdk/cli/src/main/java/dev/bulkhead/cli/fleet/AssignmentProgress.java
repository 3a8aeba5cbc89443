package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Progress;
import dev.bulkhead.server.web.Views;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows an assignment while it goes on: a bar for a transfer, a line for each new state. Not thread-safe. */
final class AssignmentProgress implements AutoCloseable {
    private final Output output;
    private final Map<String, String> states = new HashMap<>();
    private @Nullable Progress bar;

    AssignmentProgress(Output output) {
        this.output = output;
    }

    void show(Views.Assignment assignment) {
        for (Views.Action action : assignment.vehicles()) {
            if (action.state().equals("downloading") && action.total() > 0) {
                bar(action).at(action.done());
            }
            if (!action.state().equals(states.put(action.vehicleId(), action.state()))) {
                closeBar();
                if (!output.isJson()) {
                    output.note(action.vehicleId() + " " + assignment.appId() + " " + assignment.version() + ": "
                            + action.state() + (action.detail().isEmpty() ? "" : ", " + action.detail()));
                }
            }
        }
    }

    private Progress bar(Views.Action action) {
        Progress now = bar;
        if (now == null) {
            now = output.progress(action.vehicleId(), action.total());
            bar = now;
        }
        return now;
    }

    private void closeBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        closeBar();
    }
}
