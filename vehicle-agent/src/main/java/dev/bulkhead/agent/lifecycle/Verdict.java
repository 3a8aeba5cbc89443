package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Outcome;

/** What a call into the guest means for its compartment. */
sealed interface Verdict {
    /** The instance can go on. */
    record Well() implements Verdict {}

    /** The app called {@code exit}. */
    record Exited(int code) implements Verdict {}

    /** The instance is spent. */
    record Failed(String cause) implements Verdict {}

    /** Judges an outcome and writes a violated budget down. An app that says it is unwell has failed. */
    static Verdict of(Outcome outcome, Occupant occupant) {
        return switch (outcome) {
            case Outcome.Returned _ -> ofHealth(occupant);
            case Outcome.Trapped trap ->
                new Failed("trap: " + trap.message() + (trap.where().isEmpty() ? "" : " in " + trap.where()));
            case Outcome.Killed killed -> killed(killed, occupant);
        };
    }

    /** What the app says of itself. */
    static Verdict ofHealth(Occupant occupant) {
        return occupant.session()
                .ailment()
                .<Verdict>map(why -> new Failed("it reports itself unhealthy: " + why))
                .orElseGet(Well::new);
    }

    private static Verdict killed(Outcome.Killed killed, Occupant occupant) {
        return switch (killed.cause()) {
            case EXITED -> new Exited(killed.exitCode());
            case CPU_QUOTA -> {
                long quota = occupant.budget().quotaNanos();
                occupant.session()
                        .exceeded("cpu", quota, occupant.account().usage().periodNanos(), "killed");
                yield new Failed("killed: CPU quota of " + quota + " ns per period used up");
            }
            case CALLBACK_LIMIT -> {
                long limit = occupant.budget().callbackNanos();
                occupant.session().exceeded("callback", limit, limit, "killed");
                yield new Failed("killed: one callback took more than " + limit + " ns of CPU");
            }
            case STOPPED -> new Failed("killed while it was being stopped");
        };
    }

    /** As {@link #of}, where a negative status is a failure too. */
    static Verdict strictly(String callback, Outcome outcome, Occupant occupant) {
        Verdict verdict = of(outcome, occupant);
        return verdict instanceof Well && outcome instanceof Outcome.Returned returned && returned.status() < 0
                ? new Failed(callback + " answered " + returned.status())
                : verdict;
    }
}
