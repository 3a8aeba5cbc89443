package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import java.util.List;
import java.util.Optional;

/**
 * One app version and one capability: what was declared, what was done, what was tried.
 *
 * @param capability the manifest's line; for what no line asks for, the access itself
 * @param declared what became of the line
 * @param reason why the app says it needs it
 * @param effective what ceiling and policy left of it, as capability lines
 * @param rule the rule that gave or refused it
 * @param why one sentence
 * @param touches everything that was done or tried under this line
 * @param nearLimit how it comes close to a limit of the grant, if it does
 */
public record MatrixRow(
        String app,
        String version,
        String vendor,
        String capability,
        Declared declared,
        String reason,
        List<String> effective,
        String rule,
        String why,
        List<MatrixTouch> touches,
        Optional<String> nearLimit) {

    /** What became of a manifest's line. */
    public enum Declared {
        /** Something of it is granted. */
        GRANTED,
        /** Ceiling or policy leave nothing of it. */
        REFUSED,
        /** The manifest does not ask for it; it was touched or tried all the same. */
        NOT_REQUESTED
    }

    /** Copies the lists. */
    public MatrixRow {
        effective = List.copyOf(effective);
        touches = List.copyOf(touches);
    }

    /** All use, commands that a limit clamped or refused included. */
    public Optional<Tally> used() {
        return sum(Touch.Kind.USED, Touch.Kind.LIMITED);
    }

    /** What limits of the grant clamped or refused. */
    public Optional<Tally> limited() {
        return sum(Touch.Kind.LIMITED, Touch.Kind.LIMITED);
    }

    /** What policy refused. */
    public Optional<Tally> denied() {
        return sum(Touch.Kind.DENIED, Touch.Kind.DENIED);
    }

    /** How often a failsafe was applied. */
    public Optional<Tally> failsafes() {
        return sum(Touch.Kind.FAILSAFE, Touch.Kind.FAILSAFE);
    }

    /** Granted, and never used. */
    public boolean isOverPrivileged() {
        return declared == Declared.GRANTED && used().isEmpty();
    }

    private Optional<Tally> sum(Touch.Kind one, Touch.Kind other) {
        return touches.stream()
                .filter(touch -> touch.kind() == one || touch.kind() == other)
                .map(MatrixTouch::tally)
                .reduce(Tally::plus);
    }
}
