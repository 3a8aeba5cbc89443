package dev.bulkhead.agent.sandbox;

import java.util.Optional;
import java.util.function.IntFunction;

/** Where an instance saves its state. Asked for once: what {@code alloc} gives is never given back, and asking takes time in a hand-over. */
final class StateRoom {
    /** The least that is asked for, in bytes. */
    static final int LEAST = 4_096;

    private int address;
    private int bytes;

    /**
     * Asks for {@code most} bytes, for a quarter where that is refused, and so on. More than the budget has is not asked for: it would be a refused
     * attempt in the app's log.
     *
     * @param alloc calls the guest's
     * @return why there is none; empty when there is
     */
    Optional<Saved> ask(int most, GuestState state, IntFunction<Outcome> alloc) {
        int given = 0;
        for (int wanted = most; bytes == 0 && wanted >= LEAST; wanted /= 4) {
            if (wanted < state.memoryBudget() || wanted / 4 < LEAST) {
                Outcome allocated = alloc.apply(wanted);
                if (!(allocated instanceof Outcome.Returned returned)) {
                    return Optional.of(new Saved.Ended(allocated));
                }
                given = returned.status();
                take(given, wanted, state);
            }
        }
        return bytes > 0
                ? Optional.empty()
                : Optional.of(new Saved.Refused("alloc", "gave no room for its state: " + given));
    }

    private void take(int given, int wanted, GuestState state) {
        if (given != 0 && state.contains(given, wanted)) {
            address = given;
            bytes = wanted;
        }
    }

    int address() {
        return address;
    }

    int bytes() {
        return bytes;
    }
}
