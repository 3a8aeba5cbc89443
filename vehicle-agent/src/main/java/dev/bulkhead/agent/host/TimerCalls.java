package dev.bulkhead.agent.host;

import dev.bulkhead.contract.abi.Status;

/** Module {@code app}: timers. */
final class TimerCalls {
    static final int MOST = 64;

    private static final long MILLI = 1_000_000L;

    private final AppSession session;

    TimerCalls(AppSession session) {
        this.session = session;
    }

    void bind(CallTable table) {
        table.three("app.timer_set", (memory, id, first, period) -> set(id, first, period));
        table.one("app.timer_cancel", (memory, id) -> cancel(id));
    }

    private long set(long id, long firstMs, long periodMs) {
        if (id < 0 || id >= MOST || firstMs < 0 || periodMs < 0) {
            return Guest.INVAL;
        }
        if (!session.timers().containsKey((int) id) && !session.hold(HeldMemory.SOURCE)) {
            return Status.NOSPC.code();
        }
        TimerSource timer = session.timers().computeIfAbsent((int) id, this::make);
        timer.set(session.now() + firstMs * MILLI, periodMs * MILLI);
        return Guest.OK;
    }

    private TimerSource make(int id) {
        TimerSource made = new TimerSource(
                id,
                session.inbox(),
                session.services().clock(),
                session.services().scheduler(),
                session.lateness());
        session.inbox().reserve(made, 0);
        return made;
    }

    private long cancel(long id) {
        TimerSource timer = id < 0 || id >= MOST ? null : session.timers().get((int) id);
        if (timer == null || timer.setting() == null) {
            return Status.NOENT.code();
        }
        timer.cancel();
        return Guest.OK;
    }
}
