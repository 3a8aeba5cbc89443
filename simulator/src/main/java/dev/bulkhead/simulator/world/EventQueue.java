package dev.bulkhead.simulator.world;

import java.util.Optional;
import java.util.TreeSet;

/** The bounded queue of events and the virtual clock that moves with it. Thread-safe. */
final class EventQueue {
    static final int MOST_EVENTS = 1_000_000;

    private final TreeSet<Event> events = new TreeSet<>();
    private long now;
    private long sequence;

    synchronized long now() {
        return now;
    }

    synchronized Event add(long nanos, int priority, Runnable task) {
        if (events.size() >= MOST_EVENTS) {
            throw new IllegalStateException("more than " + MOST_EVENTS + " events wait at " + now + " ns");
        }
        Event event = new Event(this, Math.max(nanos, now), priority, sequence++, task);
        events.add(event);
        return event;
    }

    synchronized boolean remove(Event event) {
        return events.remove(event);
    }

    /** Takes the next event that is due by {@code horizon} and moves the clock to it; else moves the clock to the horizon. */
    synchronized Optional<Event> next(long horizon) {
        if (events.isEmpty() || events.first().nanos() > horizon) {
            now = Math.max(now, horizon);
            return Optional.empty();
        }
        Event event = events.removeFirst();
        now = event.nanos();
        return Optional.of(event);
    }
}
