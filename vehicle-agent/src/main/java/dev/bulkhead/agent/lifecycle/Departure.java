package dev.bulkhead.agent.lifecycle;

import java.util.ArrayList;
import java.util.List;

/** Whether something is over, and what follows once it is. Thread-safe. */
final class Departure {
    private final List<Runnable> followers = new ArrayList<>();
    private volatile boolean over;

    boolean over() {
        return over;
    }

    /** Runs {@code follow} once it is over; at once when it is. */
    void then(Runnable follow) {
        synchronized (this) {
            if (!over) {
                followers.add(follow);
                return;
            }
        }
        follow.run();
    }

    /** It is over now; answers what is to follow. */
    synchronized List<Runnable> happen() {
        over = true;
        List<Runnable> next = List.copyOf(followers);
        followers.clear();
        return next;
    }
}
