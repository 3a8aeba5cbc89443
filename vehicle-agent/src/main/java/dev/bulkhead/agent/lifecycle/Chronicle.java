package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells what became of an app: in its log, in the audit log and to those who listen. Used under the orchestrator's lock, except {@link #observe}.
 */
final class Chronicle {
    private final VehicleClock clock;
    private final LifecycleAudit audit;
    private final CopyOnWriteArrayList<Consumer<UpdateReport>> observers = new CopyOnWriteArrayList<>();

    Chronicle(VehicleClock clock, LifecycleAudit audit) {
        this.clock = clock;
        this.audit = audit;
    }

    void observe(Consumer<UpdateReport> observer) {
        observers.add(observer);
    }

    /** @param before the slot before the step that reports */
    void report(AppDesk desk, AppSlot before, UpdateReport report) {
        desk.report(report);
        String mode = before.retained().isPresent() || before.candidate().isPresent() ? "handover" : "restart";
        audit.reported(report, before.fallback(), mode);
        observers.forEach(observer -> observer.accept(report));
    }

    /** @param before the slot before the step that moves */
    void transition(AppDesk desk, AppSlot before, SupervisorAction.Transition move) {
        desk.note(
                new TransitionNote(clock.nanos(), move.from().word(), move.to().word(), move.cause()));
        line(desk, move.from().word() + " -> " + move.to().word() + ": " + move.cause());
        Optional<Edition> about = desk.slot().active().isPresent() ? desk.slot().active() : before.active();
        audit.transition(about.map(Edition::release), before.appId(), move);
    }

    /** One line in the app's log. */
    void line(AppDesk desk, String text) {
        line(desk, "INFO", text);
    }

    /** One line about something that is wrong. */
    void error(AppDesk desk, String text) {
        line(desk, "ERROR", text);
    }

    private void line(AppDesk desk, String level, String text) {
        String appId = desk.slot().appId();
        desk.book().add(new LogBook.Line(appId, clock.nanos(), clock.unixMillis(), level, text, 0));
    }
}
