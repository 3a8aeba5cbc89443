package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.contract.abi.Layouts;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the orchestrator keeps about one app besides its slot. Used under the orchestrator's lock. */
final class AppDesk {
    private static final int MOST_NOTES = 64;

    /** Lines of its log that are kept of an app that is walled off. */
    private static final int LAST_WORDS = 20;

    private final LogBook book = new LogBook();
    private final Map<Integer, Compartment> compartments = new LinkedHashMap<>();
    private final ArrayDeque<TransitionNote> notes = new ArrayDeque<>();
    private AppSlot slot;
    private String cause;
    private int starts;
    private List<LogBook.Line> lastWords = List.of();
    private @Nullable UpdateReport report;

    AppDesk(AppSlot slot) {
        this.slot = slot;
        this.cause = slot.phase() instanceof Phase.Quarantined walled ? walled.reason() : "";
    }

    AppSlot slot() {
        return slot;
    }

    /** What it said last is kept for as long as it is walled off. */
    void slot(AppSlot next) {
        slot = next;
        if (!(next.phase() instanceof Phase.Quarantined)) {
            lastWords = List.of();
        }
    }

    LogBook book() {
        return book;
    }

    Map<Integer, Compartment> compartments() {
        return compartments;
    }

    Optional<Compartment> compartment(int incarnation) {
        return Optional.ofNullable(compartments.get(incarnation));
    }

    Optional<Compartment> live() {
        var occupant = slot.phase().occupant();
        return occupant.isPresent() ? compartment(occupant.getAsInt()) : Optional.empty();
    }

    void note(TransitionNote note) {
        if (notes.size() == MOST_NOTES) {
            notes.removeFirst();
        }
        notes.addLast(note);
        cause = note.cause();
    }

    List<TransitionNote> notes() {
        return List.copyOf(notes);
    }

    String cause() {
        return cause;
    }

    /** The end of its log, for when it is walled off. */
    List<LogBook.Line> lastLines() {
        return book.last(LAST_WORDS).stream().map(AppDesk::bounded).toList();
    }

    /** The agent's own lines quote names of the app's, which may be of any length. */
    private static LogBook.Line bounded(LogBook.Line line) {
        String text = line.text();
        return text.length() <= Layouts.LONGEST_LOG_LINE
                ? line
                : new LogBook.Line(
                        line.appId(),
                        line.timeNanos(),
                        line.unixMillis(),
                        line.level(),
                        text.substring(0, Layouts.LONGEST_LOG_LINE),
                        line.suppressed());
    }

    void lastWords(List<LogBook.Line> lines) {
        lastWords = List.copyOf(lines);
    }

    /** What an app said before it was walled off, in an earlier life of the agent. */
    void recall(List<LogBook.Line> lines) {
        lastWords(lines);
        lines.forEach(book::add);
    }

    void counted() {
        starts++;
    }

    int restarts() {
        return Math.max(0, starts - 1);
    }

    void report(UpdateReport next) {
        report = next;
    }

    Optional<UpdateReport> report() {
        return Optional.ofNullable(report);
    }

    /** @param ensemble the slots of all that change as one with it */
    AppView view(ReleaseStore releases, List<AppSlot> ensemble) {
        Optional<Occupant> occupant = live().flatMap(Compartment::occupant);
        return new AppView(
                slot,
                cause,
                restarts(),
                report(),
                ensemble,
                lastWords,
                slot.active().flatMap(e -> releases.find(e.release().packageDigest())),
                live().flatMap(Compartment::view),
                occupant.map(each -> each.content().manifestText()).orElse(""),
                occupant.map(Occupant::grants).orElse(List.of()));
    }
}
