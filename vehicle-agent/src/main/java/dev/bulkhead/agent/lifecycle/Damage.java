package dev.bulkhead.agent.lifecycle;

import java.util.Objects;
import java.util.Optional;

/**
 * A cell of the agent's store that holds what cannot be, or a row that is not as the agent left it. It stays as it is until what it belongs to is written
 * anew; a row about nobody is moved out of the way.
 *
 * @param where file, table, row and column
 * @param what it holds, and what should be there
 * @param appId the app it is about; empty when that cannot be told
 * @param bearing what follows from it
 */
public record Damage(String where, String what, Optional<String> appId, Bearing bearing) {
    /** What a damaged cell means for its app. */
    public enum Bearing {
        /** What was asked of the app is not known whole: it is set aside. */
        ASKED("the app is set aside: start it to run what is known of it, hand its package in again, configure it"
                + " anew or uninstall it"),
        /** The same, and it is not known either which apps it changes with. */
        COMPANY(ASKED.advice + "; what changed as one with others goes back"),
        /** A package counts as not stored. */
        PACKAGE("its package counts as gone: hand it in again or uninstall the app"),
        /** Only what was told about the app: it goes on. */
        TOLD("the app goes on; it is written anew with the next such news"),
        /** No app can be named. */
        NOBODY("no app can be named, so the row is moved to the table aside; hand an app in again if one is missing");

        private final String advice;

        Bearing(String advice) {
            this.advice = advice;
        }

        boolean setsAside() {
            return this == ASKED || this == COMPANY;
        }
    }

    public Damage {
        Objects.requireNonNull(where, "where");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(bearing, "bearing");
    }

    /** What, where, and what to do. */
    @Override
    public String toString() {
        return where + ": " + what + "; " + bearing.advice;
    }
}
