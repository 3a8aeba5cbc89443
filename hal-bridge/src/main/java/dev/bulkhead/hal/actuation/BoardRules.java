package dev.bulkhead.hal.actuation;

import dev.bulkhead.contract.capability.Failsafe;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationRecord.Kind;
import dev.bulkhead.hal.actuation.ActuatorState.Decision;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.StoreReadings;
import dev.bulkhead.hal.time.VehicleClock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happens at the posts, step by step, with the board's lock held: lapses first, then the decision, then the sink, then the record.
 */
final class BoardRules {
    private static final Optional<SignalValue> NONE = Optional.empty();

    private final SignalStore store;
    private final VehicleClock clock;
    private final ActuationListener listener;
    private final StoreReadings readings;
    private final Map<Integer, ActuatorPost> posts = new TreeMap<>();
    private final Set<ActuatorPost> active = new LinkedHashSet<>();
    private boolean changed;

    BoardRules(SignalStore store, VehicleClock clock, ActuationListener listener) {
        this.store = store;
        this.clock = clock;
        this.listener = listener;
        this.readings = new StoreReadings(store);
        for (SignalLeaf leaf : store.tree().leaves()) {
            if (leaf.kind() == LeafKind.ACTUATOR) {
                posts.put(leaf.id(), new ActuatorPost(leaf));
            }
        }
    }

    Optional<ActuatorPost> post(int signalId) {
        return Optional.ofNullable(posts.get(signalId));
    }

    Collection<ActuatorPost> posts() {
        return posts.values();
    }

    /** Posts that are owned or held: the ones at which something may end by itself. */
    Set<ActuatorPost> active() {
        return active;
    }

    /** Whether owners, leases or holds changed since this was asked last. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    ActuationOutcome acquire(ActuatorClaim claim, int priority, long leaseNanos, List<Loss> losses) {
        ActuatorPost post = postOf(claim);
        lapse(post, losses);
        ActuationOutcome outcome = usable(post, claim);
        if (outcome.done()) {
            outcome = post.state().mayAcquire(claim, claim.grant().orElseThrow(), priority, leaseNanos, readings);
        }
        if (!outcome.done()) {
            return refused(post, Kind.ACQUIRE, claim, NONE, outcome);
        }
        displace(post, claim, losses);
        post.state().acquire(claim, claim.grant().orElseThrow(), priority, leaseNanos, clock.nanos());
        engage(post);
        tell(post, Kind.ACQUIRE, claim.owner(), NONE, NONE, outcome, "priority " + priority);
        return outcome;
    }

    private void displace(ActuatorPost post, ActuatorClaim next, List<Loss> losses) {
        Tenure tenure = post.state().tenure();
        if (tenure != null && !tenure.claim().owner().equals(next.owner())) {
            lost(post, tenure, LossCause.TAKEN_OVER, LossCause.TAKEN_OVER + ", " + next.owner(), losses);
        }
    }

    ActuationOutcome renew(ActuatorClaim claim, List<Loss> losses) {
        ActuatorPost post = postOf(claim);
        Optional<LossCause> lapsed = lapse(post, losses);
        Tenure tenure = post.state().tenure();
        ActuationOutcome outcome = owning(post, claim, lapsed);
        if (!outcome.done() || tenure == null) {
            return refused(post, Kind.RENEW, claim, NONE, outcome);
        }
        post.state().become(tenure.renewed(clock.nanos()));
        tell(post, Kind.RENEW, claim.owner(), NONE, NONE, outcome, "");
        return outcome;
    }

    ActuationOutcome release(ActuatorClaim claim, List<Loss> losses) {
        ActuatorPost post = postOf(claim);
        Optional<LossCause> lapsed = lapse(post, losses);
        if (!post.state().ownedBy(claim)) {
            return owning(post, claim, lapsed);
        }
        post.state().vacate();
        disengage(post);
        post.release();
        tell(post, Kind.RELEASE, claim.owner(), NONE, NONE, ActuationOutcome.OK, "");
        return ActuationOutcome.OK;
    }

    ActuationOutcome set(ActuatorClaim claim, SignalValue value, List<Loss> losses) {
        ActuatorPost post = postOf(claim);
        Decision decision = decide(post, claim, value, losses);
        if (!decision.outcome().done()) {
            return refused(post, Kind.SET, claim, Optional.of(value), decision.outcome());
        }
        if (!post.apply(decision.value())) {
            return refused(post, Kind.SET, claim, Optional.of(value), ActuationOutcome.NODEV);
        }
        sent(post, claim, value, decision);
        return decision.outcome();
    }

    /** Refuses a value that is none of the actuator's type, with the same checks before it. */
    ActuationOutcome refuseValue(ActuatorClaim claim, ActuationOutcome why, String value, List<Loss> losses) {
        ActuatorPost post = postOf(claim);
        ActuationOutcome owning = owning(post, claim, lapse(post, losses));
        return refused(post, Kind.SET, claim, Optional.of(SignalValue.of(value)), owning.done() ? why : owning);
    }

    ActuationOutcome setAll(List<Setpoint> setpoints, List<Loss> losses) {
        return new BatchSet(this, setpoints, losses).run();
    }

    Decision decide(ActuatorPost post, ActuatorClaim claim, SignalValue value, List<Loss> losses) {
        ActuationOutcome owning = owning(post, claim, lapse(post, losses));
        if (!owning.done()) {
            return new Decision(owning, value);
        }
        long now = clock.nanos();
        post.state().standsAt(store.cell(post.leaf().id()).asDouble(), now);
        Decision decision = post.state().decide(claim, value, now);
        return decision.outcome().done() && !post.ready() ? new Decision(ActuationOutcome.NODEV, value) : decision;
    }

    void sent(ActuatorPost post, ActuatorClaim claim, SignalValue asked, Decision decision) {
        long now = clock.nanos();
        post.state().sent(claim, decision.value(), now);
        post.countCommand();
        post.sent(claim.owner(), decision.value(), now, "set");
        tell(post, Kind.SET, claim.owner(), Optional.of(asked), Optional.of(decision.value()), decision.outcome(), "");
    }

    ActuationOutcome refused(
            ActuatorPost post, Kind kind, ActuatorClaim claim, Optional<SignalValue> asked, ActuationOutcome why) {
        post.refused(claim.owner(), why);
        tell(post, kind, claim.owner(), asked, NONE, why, why.name());
        return why;
    }

    ActuatorPost postOf(ActuatorClaim claim) {
        return post(claim.actuator().id()).orElseThrow();
    }

    /** Whether a claim can do anything at all: open, granted, the log not full, a driver there. */
    private ActuationOutcome usable(ActuatorPost post, ActuatorClaim claim) {
        if (claim.closed()) {
            return ActuationOutcome.BADH;
        }
        if (claim.grant().isEmpty()) {
            return ActuationOutcome.PERM;
        }
        if (!listener.canRecord()) {
            return ActuationOutcome.NOSPC;
        }
        return post.ready() ? ActuationOutcome.OK : ActuationOutcome.NODEV;
    }

    private ActuationOutcome owning(ActuatorPost post, ActuatorClaim claim, Optional<LossCause> lapsed) {
        if (post.state().ownedBy(claim)) {
            return listener.canRecord() ? ActuationOutcome.OK : ActuationOutcome.NOSPC;
        }
        if (claim.closed()) {
            return ActuationOutcome.BADH;
        }
        if (claim.grant().isEmpty()) {
            return ActuationOutcome.PERM;
        }
        if (post.state().tenure() != null) {
            return ActuationOutcome.BUSY;
        }
        return lapsed.map(LossCause::status).orElse(ActuationOutcome.LEASE);
    }

    void regrant(ActuatorClaim claim, Optional<SignalActuate> grant, List<Loss> losses) {
        claim.grant(grant);
        ActuatorPost post = postOf(claim);
        Tenure tenure = post.state().tenure();
        if (tenure == null || tenure.claim() != claim) {
            return;
        }
        changed = true;
        if (grant.isEmpty()) {
            lose(post, tenure, LossCause.GRANT_WITHDRAWN, losses);
        } else {
            post.state().become(tenure.under(grant.get()));
            lapse(post, losses);
        }
    }

    void ownerGone(ActuatorOwner owner, LossCause cause, List<Loss> losses) {
        for (ActuatorPost post : List.copyOf(active)) {
            Tenure tenure = post.state().tenure();
            if (tenure != null && tenure.claim().owner().equals(owner)) {
                lose(post, tenure, cause, losses);
            }
        }
    }

    void handOver(ActuatorOwner from, Collection<ActuatorClaim> heirs, List<Loss> losses) {
        for (ActuatorPost post : List.copyOf(active)) {
            Tenure tenure = post.state().tenure();
            if (tenure == null || !tenure.claim().owner().equals(from)) {
                continue;
            }
            ActuatorClaim heir = heirOf(post, heirs);
            if (heir == null) {
                lose(post, tenure, LossCause.SWAP_FAILED, losses);
                continue;
            }
            post.state().become(tenure.of(heir, heir.grant().orElseThrow()));
            changed = true;
            tell(post, Kind.HANDOVER, heir.owner(), NONE, NONE, ActuationOutcome.OK, "from " + from);
            lapse(post, losses);
        }
    }

    private static @Nullable ActuatorClaim heirOf(ActuatorPost post, Collection<ActuatorClaim> heirs) {
        for (ActuatorClaim claim : heirs) {
            if (claim.actuator().id() == post.leaf().id()
                    && !claim.closed()
                    && claim.grant().isPresent()) {
                return claim;
            }
        }
        return null;
    }

    /** Ends what is due by itself: leases, conditions, holds. */
    void sweep(List<Loss> losses) {
        for (ActuatorPost post : List.copyOf(active)) {
            lapse(post, losses);
        }
    }

    void releaseAll(List<Loss> losses) {
        for (ActuatorPost post : List.copyOf(active)) {
            Tenure tenure = post.state().tenure();
            if (tenure != null) {
                lose(post, tenure, LossCause.STOPPED, losses);
            }
        }
    }

    /** Ends the tenure or hold of one post if it is over; says why a tenure ended. */
    private Optional<LossCause> lapse(ActuatorPost post, List<Loss> losses) {
        Optional<LossCause> cause = post.state().lapse(clock.nanos(), readings);
        Tenure tenure = post.state().tenure();
        if (cause.isPresent() && tenure != null) {
            lose(post, tenure, cause.get(), losses);
        }
        if (post.state().holdIsOver(clock.nanos())) {
            disengage(post);
            post.release();
        }
        return cause;
    }

    private void lose(ActuatorPost post, Tenure tenure, LossCause cause, List<Loss> losses) {
        lost(post, tenure, cause, cause.toString(), losses);
        post.state().vacate();
        disengage(post);
        applyFailsafe(post, tenure, cause);
    }

    private void lost(ActuatorPost post, Tenure tenure, LossCause cause, String detail, List<Loss> losses) {
        tell(post, Kind.LOST, tenure.claim().owner(), NONE, NONE, cause.status(), detail);
        losses.add(new Loss(tenure.claim(), cause));
    }

    private void applyFailsafe(ActuatorPost post, Tenure tenure, LossCause cause) {
        Optional<SignalValue> sent = NONE;
        boolean carried = true;
        String what = "release";
        switch (tenure.grant().failsafe().orElseGet(Failsafe.Release::new)) {
            case Failsafe.Value value -> {
                SignalValue target = FailsafeValue.typed(post.leaf(), value.value());
                carried = post.apply(target);
                sent = Optional.of(target);
                what = "value";
                post.state().moved(target, clock.nanos());
                post.sent(tenure.claim().owner(), target, clock.nanos(), "failsafe: " + cause);
            }
            case Failsafe.Release release -> post.release();
            case Failsafe.Hold hold -> {
                what = hold.toString();
                post.state().holdUntil(clock.nanos() + hold.millis() * 1_000_000);
                engage(post);
            }
        }
        post.countFailsafe();
        ActuationOutcome outcome = carried ? ActuationOutcome.OK : ActuationOutcome.NODEV;
        tell(post, Kind.FAILSAFE, tenure.claim().owner(), NONE, sent, outcome, what + ": " + cause);
    }

    private void engage(ActuatorPost post) {
        active.add(post);
        changed = true;
    }

    private void disengage(ActuatorPost post) {
        active.remove(post);
        changed = true;
    }

    private void tell(
            ActuatorPost post,
            Kind kind,
            ActuatorOwner owner,
            Optional<SignalValue> requested,
            Optional<SignalValue> applied,
            ActuationOutcome outcome,
            String detail) {
        listener.happened(
                new ActuationRecord(clock.nanos(), kind, post.leaf(), owner, requested, applied, outcome, detail));
    }
}
