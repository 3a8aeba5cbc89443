package dev.bulkhead.simulator.main;

import dev.bulkhead.simulator.main.SimulationResult.AppOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be true after a run whatever the apps are: no bug of the agent showed, and an app is either doing its work or
 * walled off. An app that never got an event, or still fails, is a breach.
 */
final class Expectations {
    private Expectations() {}

    static List<String> breaches(List<AppOutcome> apps, List<String> faults) {
        List<String> breaches = new ArrayList<>(faults);
        for (AppOutcome app : apps) {
            switch (app.state()) {
                case "RUNNING", "THROTTLED" -> {
                    if (app.events() == 0) {
                        breaches.add(app.app() + " runs but never got an event");
                    }
                }
                case "QUARANTINED", "STOPPED" -> {}
                default -> breaches.add(app.app() + " ended " + app.state() + ": " + app.cause());
            }
        }
        return breaches;
    }
}
