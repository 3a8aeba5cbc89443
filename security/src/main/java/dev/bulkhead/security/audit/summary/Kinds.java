package dev.bulkhead.security.audit.summary;

import dev.bulkhead.contract.proto.TouchKind;
import dev.bulkhead.security.audit.Touch;

/** Kinds of touches on the wire. */
final class Kinds {
    private Kinds() {}

    static TouchKind of(Touch.Kind kind) {
        return switch (kind) {
            case USED -> TouchKind.TOUCH_KIND_USED;
            case LIMITED -> TouchKind.TOUCH_KIND_LIMITED;
            case DENIED -> TouchKind.TOUCH_KIND_DENIED;
            case FAILSAFE -> TouchKind.TOUCH_KIND_FAILSAFE;
            case BUDGET -> TouchKind.TOUCH_KIND_BUDGET;
        };
    }

    static Touch.Kind of(TouchKind kind) {
        return switch (kind) {
            case TOUCH_KIND_USED -> Touch.Kind.USED;
            case TOUCH_KIND_LIMITED -> Touch.Kind.LIMITED;
            case TOUCH_KIND_DENIED -> Touch.Kind.DENIED;
            case TOUCH_KIND_FAILSAFE -> Touch.Kind.FAILSAFE;
            case TOUCH_KIND_BUDGET -> Touch.Kind.BUDGET;
            case TOUCH_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new SummaryException("a touch of a kind that is not known here");
        };
    }

    /** Plain use is summed up a thousandfold and told without its entry; everything else shows it. */
    static boolean wantsProof(Touch.Kind kind) {
        return switch (kind) {
            case USED -> false;
            case LIMITED, DENIED, FAILSAFE, BUDGET -> true;
        };
    }
}
