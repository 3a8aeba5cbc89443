package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.contract.notation.Quote;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.function.Consumer;

/** Whether an incarnation has ended, and by whose doing: an end that nobody asked for is told, once. Any thread. */
final class Ending {
    /** Characters of a cause that are kept: it goes into the store, the audit log and every list of apps, and may hold what a guest made up. */
    private static final int LONGEST_CAUSE = 1_000;

    private final String appId;
    private final int incarnation;
    private final VehicleClock clock;
    private final LogBook book;
    private final Consumer<SupervisorEvent> news;
    private volatile boolean reached;

    Ending(String appId, int incarnation, VehicleClock clock, LogBook book, Consumer<SupervisorEvent> news) {
        this.appId = appId;
        this.incarnation = incarnation;
        this.clock = clock;
        this.book = book;
        this.news = news;
    }

    /** It has ended, or must not go on. */
    boolean reached() {
        return reached;
    }

    /** It was asked to end. */
    void ask() {
        reached = true;
    }

    /** True when the incarnation can go on; else its end is told. */
    boolean well(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Well _ -> true;
            case Verdict.Exited exited -> {
                reached = true;
                news.accept(new SupervisorEvent.Exited(incarnation, exited.code()));
                yield false;
            }
            case Verdict.Failed failed -> {
                fail(failed.cause());
                yield false;
            }
        };
    }

    /** It failed; false when it had ended before, so that this is no news. */
    boolean fail(String cause) {
        if (reached) {
            return false;
        }
        reached = true;
        String told = Quote.of(cause, LONGEST_CAUSE);
        say(told);
        news.accept(new SupervisorEvent.Broke(incarnation, told));
        return true;
    }

    /** How {@code on_stop} went: an app that fails there ends all the same, but not without a word. */
    void last(Verdict verdict) {
        if (verdict instanceof Verdict.Failed failed) {
            say("on_stop: " + Quote.of(failed.cause(), LONGEST_CAUSE));
        }
    }

    private void say(String cause) {
        book.add(new LogBook.Line(appId, clock.nanos(), clock.unixMillis(), "ERROR", cause, 0));
    }
}
