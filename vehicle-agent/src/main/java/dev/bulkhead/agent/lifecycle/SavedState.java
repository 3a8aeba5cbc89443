package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.manifest.Manifest.StateLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What came of asking an occupant for its state, which its successor is to go on with. */
sealed interface SavedState {
    /** It has none to hand over. */
    record Nothing() implements SavedState {}

    /** The bytes and the layout its manifest says they have; empty for bytes without a number. */
    @SuppressWarnings("ArrayRecordComponent") // handed from one guest to the next, never compared
    record Bytes(byte[] bytes, Optional<StateLayout> layout) implements SavedState {}

    /** It gave something that is no state; it goes on, the swap does not. */
    record Refused(String cause) implements SavedState {}

    /** It did not come back from the call whole. */
    record Spent(Verdict verdict) implements SavedState {}

    /** Asks an occupant between two deliveries. */
    static SavedState of(Occupant occupant) {
        if (!occupant.instance().exports("save_state")) {
            return new Nothing();
        }
        List<byte[]> saved = new ArrayList<>(1);
        Outcome outcome = occupant.instance().save(Layouts.LONGEST_STATE, saved::add);
        Verdict verdict = Verdict.of(outcome, occupant);
        if (!(outcome instanceof Outcome.Returned returned) || !(verdict instanceof Verdict.Well)) {
            return new Spent(verdict);
        }
        String who = "save_state of " + occupant.content().manifest().app().version();
        if (saved.isEmpty()) {
            return new Refused(
                    returned.status() < 0
                            ? who + " answered " + returned.status()
                            : who + " says " + returned.status()
                                    + " bytes, which do not lie in its memory or pass the limit of "
                                    + Layouts.LONGEST_STATE);
        }
        return numbered(saved.getFirst(), occupant.content().manifest().update().state(), who);
    }

    private static SavedState numbered(byte[] bytes, Optional<StateLayout> layout, String who) {
        if (layout.isPresent() && number(bytes) != layout.get().writes()) {
            return new Refused(who + " gave " + said(bytes) + ", its manifest says layout "
                    + layout.get().writes());
        }
        return new Bytes(bytes, layout);
    }

    private static long number(byte[] bytes) {
        return bytes.length < Integer.BYTES
                ? -1
                : Integer.toUnsignedLong(
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private static String said(byte[] bytes) {
        return bytes.length < Integer.BYTES ? bytes.length + " bytes without a layout" : "layout " + number(bytes);
    }

    /** Has an occupant go on with it, where there is one and it takes any. */
    default Verdict restore(Occupant into) {
        return switch (this) {
            case Nothing _, Spent _ -> new Verdict.Well();
            case Refused refused -> new Verdict.Failed(refused.cause());
            case Bytes saved -> restore(saved, into);
        };
    }

    private static Verdict restore(Bytes saved, Occupant into) {
        if (!into.instance().exports("restore_state")) {
            return new Verdict.Well();
        }
        return unfit(saved, into.content().manifest().update().state())
                .<Verdict>map(Verdict.Failed::new)
                .orElseGet(
                        () -> Verdict.strictly("restore_state", into.instance().restore(saved.bytes()), into));
    }

    /** Why a version with this manifest cannot go on with the bytes; empty when it can. A version that names no layout takes any. */
    private static Optional<String> unfit(Bytes saved, Optional<StateLayout> mine) {
        int written = saved.layout().map(StateLayout::writes).orElse(0);
        return mine.filter(layout -> written < layout.restores() || written > layout.writes())
                .map(layout -> "the state it is to go on with has "
                        + (written == 0 ? "no layout number" : "layout " + written) + ", it restores layouts "
                        + layout.restores() + " to " + layout.writes());
    }
}
