package dev.bulkhead.hal.actuation;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All actuators of the vehicle and who owns them. Every command passes here, is decided by {@link ActuatorState}, sent to the driver's
 * sink and told to the listener, in one order. Failsafes come by themselves: the board watches leases and conditions. Thread-safe.
 */
public final class ActuatorBoard implements AutoCloseable {
    private final Object lock = new Object();
    private final BoardRules rules;
    private final BoardWatch watch;

    public ActuatorBoard(SignalStore store, VehicleClock clock, Scheduler scheduler, ActuationListener listener) {
        this.rules = new BoardRules(store, clock, listener);
        this.watch = new BoardWatch(store, clock, scheduler, this::sweep);
    }

    /**
     * Gives an actuator its driver's sink.
     *
     * @return false when it has one already, or the leaf is no actuator
     */
    public boolean attach(SignalLeaf actuator, ActuatorSink sink) {
        synchronized (lock) {
            Optional<ActuatorPost> post = rules.post(actuator.id());
            if (post.isEmpty() || post.get().hasSink()) {
                return false;
            }
            post.get().sink(sink);
            return true;
        }
    }

    /** Takes the driver's sink away; commands are answered {@code NODEV} from now on. */
    public void detach(SignalLeaf actuator) {
        synchronized (lock) {
            rules.post(actuator.id()).ifPresent(post -> post.sink(null));
        }
    }

    /**
     * Opens a claim under a grant that policy has decided.
     *
     * @throws ActuationException when the leaf is no actuator or the grant does not fit it
     */
    public ActuatorClaim claim(SignalLeaf actuator, ActuatorOwner owner, SignalActuate grant, LossListener onLoss) {
        checkFits(actuator, grant);
        return new ActuatorClaim(this, actuator, owner, grant, onLoss);
    }

    static void checkFits(SignalLeaf actuator, SignalActuate grant) {
        if (actuator.kind() != LeafKind.ACTUATOR) {
            throw new ActuationException(actuator.path() + " is no actuator");
        }
        if (grant.slewPerSecond().isPresent() && !actuator.type().isScalar()) {
            throw new ActuationException("slew of " + actuator.path() + " cannot be limited, it is a "
                    + actuator.type().vssName() + "; correct the grant");
        }
        FailsafeValue.check(actuator, grant);
    }

    /** The state of one actuator; empty when the leaf is none. */
    public Optional<ActuatorView> view(int signalId) {
        synchronized (lock) {
            return rules.post(signalId).map(ActuatorPost::view);
        }
    }

    /** The state of every actuator, in the order of signal ids. */
    public List<ActuatorView> views() {
        synchronized (lock) {
            return rules.posts().stream().map(ActuatorPost::view).toList();
        }
    }

    /** Applies the failsafe to everything a dead owner held. */
    public void ownerGone(ActuatorOwner owner, LossCause cause) {
        exclusively(losses -> {
            rules.ownerGone(owner, cause, losses);
            return ActuationOutcome.OK;
        });
    }

    /**
     * Moves ownership to the next version of the app, without a gap. What none of {@code heirs} claims gets its failsafe.
     *
     * @param heirs the open claims of the new instance
     */
    public void handOver(ActuatorOwner from, Collection<ActuatorClaim> heirs) {
        exclusively(losses -> {
            rules.handOver(from, heirs, losses);
            return ActuationOutcome.OK;
        });
    }

    /** Sends all setpoints or none. The first refusal is the answer; {@code CLAMPED} when any value was. */
    public ActuationOutcome setAll(List<Setpoint> setpoints) {
        return exclusively(losses -> rules.setAll(setpoints, losses));
    }

    ActuationOutcome acquire(ActuatorClaim claim, int priority, long leaseNanos) {
        return exclusively(losses -> rules.acquire(claim, priority, leaseNanos, losses));
    }

    ActuationOutcome renew(ActuatorClaim claim) {
        return exclusively(losses -> rules.renew(claim, losses));
    }

    ActuationOutcome release(ActuatorClaim claim) {
        return exclusively(losses -> rules.release(claim, losses));
    }

    ActuationOutcome set(ActuatorClaim claim, SignalValue value) {
        return exclusively(losses -> rules.set(claim, value, losses));
    }

    ActuationOutcome refuse(ActuatorClaim claim, ActuationOutcome why, String value) {
        return exclusively(losses -> rules.refuseValue(claim, why, value, losses));
    }

    void regrant(ActuatorClaim claim, Optional<SignalActuate> grant) {
        exclusively(losses -> {
            rules.regrant(claim, grant, losses);
            return ActuationOutcome.OK;
        });
    }

    void close(ActuatorClaim claim) {
        exclusively(losses -> {
            if (!claim.closed()) {
                rules.release(claim, losses);
                claim.markClosed();
            }
            return ActuationOutcome.OK;
        });
    }

    private void sweep() {
        exclusively(losses -> {
            rules.sweep(losses);
            watch.swept();
            return ActuationOutcome.OK;
        });
    }

    /** Does one thing under the lock, sees to it that what ends by itself will be noticed, then tells the losers. */
    private ActuationOutcome exclusively(Function<List<Loss>, ActuationOutcome> deed) {
        List<Loss> losses = new ArrayList<>(0);
        ActuationOutcome outcome;
        synchronized (lock) {
            outcome = deed.apply(losses);
            watch.look(rules.takeChanged(), rules.active());
        }
        losses.forEach(Loss::tell);
        return outcome;
    }

    /** Releases every actuator that is owned or held and stops watching. */
    @Override
    public void close() {
        exclusively(losses -> {
            rules.releaseAll(losses);
            return ActuationOutcome.OK;
        });
        synchronized (lock) {
            watch.close();
        }
    }
}
