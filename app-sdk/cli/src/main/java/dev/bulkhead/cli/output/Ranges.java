package dev.bulkhead.cli.output;

/** The numbers an option takes. */
public final class Ranges {
    private Ranges() {}

    /** Refuses a number outside of {@code least..most} as a mistake on the command line. */
    public static void check(String option, long given, long least, long most) {
        if (given < least || given > most) {
            throw CommandFailure.usage(
                    option + " must be " + least + " to " + most + ", not " + given,
                    option + " " + Math.clamp(given, least, most));
        }
    }
}
