package dev.bulkhead.agent.host;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves what waits from one session to the next: for each signal both subscribe to, the old subscription with the events in it takes the
 * place of the new one, so that none is lost and none comes twice; likewise frames and timers.
 */
final class Handover {
    private Handover() {}

    /** To the next version. */
    static void run(AppSession live, AppSession next) {
        move(live, next);
        next.services().messages().handOver(live.mail(), next.mail());
    }

    /** Back to the version before. */
    static void back(AppSession heir, AppSession earlier) {
        move(heir, earlier);
        earlier.services().messages().giveBack(heir.mail(), earlier.mail());
    }

    private static void move(AppSession from, AppSession to) {
        Map<String, SignalResource> signals = new HashMap<>();
        Map<String, CanResource> buses = new HashMap<>();
        for (Resource resource : from.handles().all()) {
            switch (resource) {
                case SignalResource signal -> signals.putIfAbsent(signal.subject(), signal);
                case CanResource can -> buses.putIfAbsent(can.subject(), can);
            }
        }
        for (Resource resource : to.handles().all()) {
            switch (resource) {
                case SignalResource signal -> moveFeed(signals.get(signal.subject()), signal, from, to);
                case CanResource can -> can.inherit(buses.get(can.subject()), to.inbox(), from.inbox());
            }
        }
        moveTimers(from, to);
    }

    private static void moveFeed(@Nullable SignalResource old, SignalResource next, AppSession from, AppSession to) {
        SignalFeed moved = old == null ? null : old.feed();
        if (old == null || moved == null || !next.wouldTake(moved.options())) {
            return;
        }
        from.inbox().forget(moved, moved.depth());
        next.unsubscribe();
        if (to.inbox().reserve(moved, moved.depth())) {
            moved.moveTo(to.inbox(), next.handle());
            next.feed(moved);
            old.lend();
        } else {
            moved.close();
            old.feed(null);
        }
    }

    /** A timer that both versions set to one period keeps the phase of the old one; one the new version does not know rests. */
    private static void moveTimers(AppSession from, AppSession to) {
        from.timers().forEach((id, old) -> {
            TimerSource next = to.timers().get(id);
            TimerSource.Setting setting = old.lend();
            if (next != null && setting != null && next.wouldTake(setting)) {
                next.set(setting.nextNanos(), setting.periodNanos());
            }
        });
        to.timers().values().forEach(Handover::wakeLent);
    }

    /** On the way back: what was lent and did not come back goes on where it stood. */
    private static void wakeLent(TimerSource timer) {
        TimerSource.Setting setting = timer.lent();
        if (setting != null) {
            timer.set(setting.nextNanos(), setting.periodNanos());
        }
    }
}
