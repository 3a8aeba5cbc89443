package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.sandbox.Saved;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.manifest.Manifest.StateLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        String version = occupant.content().manifest().app().version().toString();
        return switch (occupant.instance().save(Layouts.LONGEST_STATE)) {
            case Saved.Ended ended -> new Spent(Verdict.of(ended.outcome(), occupant));
            case Saved.Refused refused ->
                unlessIll(occupant, new Refused(refused.export() + " of " + version + " " + refused.why()));
            case Saved.State state ->
                unlessIll(occupant, numbered(state.bytes(), occupant, "save_state of " + version));
        };
    }

    private static SavedState unlessIll(Occupant occupant, SavedState saved) {
        return Verdict.ofHealth(occupant) instanceof Verdict.Failed ill ? new Spent(ill) : saved;
    }

    private static SavedState numbered(byte[] bytes, Occupant occupant, String who) {
        Optional<StateLayout> layout = occupant.content().manifest().update().state();
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
