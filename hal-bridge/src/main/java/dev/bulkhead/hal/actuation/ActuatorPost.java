package dev.bulkhead.hal.actuation;

import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything the board keeps about one actuator: contract state, the driver's sink, what was sent last and why. Guarded by the board. */
final class ActuatorPost {
    private final ActuatorState state;
    private @Nullable ActuatorSink sink;
    private @Nullable SignalValue lastValue;
    private @Nullable ActuatorOwner lastBy;
    private long lastTimeNanos;
    private String lastReason = "";
    private String lastRefusal = "";
    private long commands;
    private long refusals;
    private long failsafes;

    ActuatorPost(SignalLeaf leaf) {
        state = new ActuatorState(leaf);
    }

    ActuatorState state() {
        return state;
    }

    SignalLeaf leaf() {
        return state.leaf();
    }

    void sink(@Nullable ActuatorSink newSink) {
        sink = newSink;
    }

    boolean hasSink() {
        return sink != null;
    }

    boolean ready() {
        return sink != null && sink.ready(leaf());
    }

    boolean apply(SignalValue value) {
        return sink != null && sink.apply(leaf(), value);
    }

    void release() {
        if (sink != null) {
            sink.release(leaf());
        }
    }

    @Nullable
    SignalValue lastValue() {
        return lastValue;
    }

    void sent(ActuatorOwner by, SignalValue value, long now, String reason) {
        lastValue = value;
        lastBy = by;
        lastTimeNanos = now;
        lastReason = reason;
    }

    void countCommand() {
        commands++;
    }

    void countFailsafe() {
        failsafes++;
    }

    void refused(ActuatorOwner who, ActuationOutcome why) {
        refusals++;
        lastRefusal = why + " for " + who;
    }

    ActuatorView view() {
        Tenure tenure = state.tenure();
        return new ActuatorView(
                leaf(),
                sink != null,
                Optional.ofNullable(tenure).map(held -> held.claim().owner()),
                tenure == null ? 0 : tenure.priority(),
                tenure == null ? 0 : tenure.untilNanos(),
                Optional.ofNullable(lastValue),
                Optional.ofNullable(lastBy),
                lastTimeNanos,
                lastReason,
                lastRefusal,
                commands,
                refusals,
                failsafes);
    }
}
