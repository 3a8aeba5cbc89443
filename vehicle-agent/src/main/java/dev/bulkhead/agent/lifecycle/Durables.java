package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import java.util.List;
import java.util.Map;

/**
 * What one step changes of what must survive power loss.
 *
 * @param slots in place of what was known of their apps
 * @param reports the last ones of their apps; a proven release raises the app's floor with it
 * @param lastWords the end of the log of each app that the step walls off, in place of what was kept of it before; by app id
 */
public record Durables(List<DurableSlot> slots, List<UpdateReport> reports, Map<String, List<LogBook.Line>> lastWords) {
    public Durables {
        slots = List.copyOf(slots);
        reports = List.copyOf(reports);
        lastWords = Map.copyOf(lastWords);
    }

    /** Reports alone. */
    public static Durables news(List<UpdateReport> reports) {
        return new Durables(List.of(), reports, Map.of());
    }
}
