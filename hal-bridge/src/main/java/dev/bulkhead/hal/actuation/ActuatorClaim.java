package dev.bulkhead.hal.actuation;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Optional;

/** One app's handle on one actuator, under one grant. Owns nothing until it acquires. Thread-safe. */
public final class ActuatorClaim implements AutoCloseable {
    private final ActuatorBoard board;
    private final SignalLeaf actuator;
    private final ActuatorOwner owner;
    private final LossListener onLoss;

    // guarded by the board's lock
    private Optional<SignalActuate> grant;
    private boolean closed;

    ActuatorClaim(
            ActuatorBoard board, SignalLeaf actuator, ActuatorOwner owner, SignalActuate grant, LossListener onLoss) {
        this.board = board;
        this.actuator = actuator;
        this.owner = owner;
        this.grant = Optional.of(grant);
        this.onLoss = onLoss;
    }

    public SignalLeaf actuator() {
        return actuator;
    }

    public ActuatorOwner owner() {
        return owner;
    }

    /**
     * Becomes the owner, or changes priority and lease as the owner. A lease longer than granted is cut to it ({@code CLAMPED}).
     *
     * @param priority 0..100, at most the granted one
     * @param leaseNanos above 0; what each renewal adds again
     */
    public ActuationOutcome acquire(int priority, long leaseNanos) {
        return board.acquire(this, priority, leaseNanos);
    }

    /** Lets the lease begin anew. */
    public ActuationOutcome renew() {
        return board.renew(this);
    }

    /** Gives the actuator back to the vehicle's own control. */
    public ActuationOutcome release() {
        return board.release(this);
    }

    /** Sends a number; one that the actuator's type cannot hold is {@code TYPE} or {@code RANGE}. */
    public ActuationOutcome set(double value) {
        Datatype type = actuator.type();
        if (!type.isScalar() || (!type.isReal() && Math.rint(value) != value) || Double.isNaN(value)) {
            return board.refuse(this, ActuationOutcome.TYPE, Double.toString(value));
        }
        if (!type.holds(value)) {
            return board.refuse(this, ActuationOutcome.RANGE, Double.toString(value));
        }
        return board.set(this, new SignalValue.Scalar(type, type.fromDouble(value)));
    }

    /** Sends an integer; one that the actuator's type cannot hold is {@code TYPE} or {@code RANGE}. */
    public ActuationOutcome set(long value) {
        Datatype type = actuator.type();
        if (!type.isScalar()) {
            return board.refuse(this, ActuationOutcome.TYPE, Long.toString(value));
        }
        if (!type.holds(value)) {
            return board.refuse(this, ActuationOutcome.RANGE, Long.toString(value));
        }
        return board.set(this, new SignalValue.Scalar(type, type.fromLong(value)));
    }

    /** Sends a value of exactly the actuator's type. */
    public ActuationOutcome set(SignalValue value) {
        return board.set(this, value);
    }

    /** Puts the claim under a new grant, as after a change of policy; empty takes it away. */
    public void regrant(Optional<SignalActuate> newGrant) {
        newGrant.ifPresent(given -> ActuatorBoard.checkFits(actuator, given));
        board.regrant(this, newGrant);
    }

    /** Gives up the claim; an owner releases. */
    @Override
    public void close() {
        board.close(this);
    }

    LossListener onLoss() {
        return onLoss;
    }

    Optional<SignalActuate> grant() {
        return grant;
    }

    void grant(Optional<SignalActuate> newGrant) {
        grant = newGrant;
    }

    boolean closed() {
        return closed;
    }

    void markClosed() {
        closed = true;
    }
}
