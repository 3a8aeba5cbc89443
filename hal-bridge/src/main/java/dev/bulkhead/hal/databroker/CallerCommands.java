package dev.bulkhead.hal.databroker;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationException;
import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.Setpoint;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Commands of callers who know no leases: each acquires under what the caller may do, and begins the lease anew. Keeps {@value #MAX_CLAIMS}
 * claims at most. Thread-safe.
 */
public final class CallerCommands {
    private static final int MAX_CLAIMS = 1_024;
    private static final long DEFAULT_LEASE_MILLIS = 10_000;

    private record ClaimKey(String caller, int leaf) {}

    /** What became of a command. */
    public sealed interface Answer {
        /** All of it was sent, maybe clamped. */
        record Done() implements Answer {}

        /** The caller may not actuate this. */
        record Denied(SignalLeaf leaf) implements Answer {}

        /** What the caller was granted does not suit the actuator. */
        record Unfit(String why) implements Answer {}

        /** The contract refuses. */
        record Refused(SignalLeaf leaf, ActuationOutcome outcome) implements Answer {}
    }

    private final ActuatorBoard board;
    private final Map<ClaimKey, ActuatorClaim> claims = new LinkedHashMap<>();

    public CallerCommands(ActuatorBoard board) {
        this.board = board;
    }

    /** Sends all values or none. */
    public Answer set(BrokerCaller caller, List<SignalLeaf> leaves, List<SignalValue> values) {
        List<Setpoint> setpoints = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            SignalLeaf leaf = leaves.get(i);
            Optional<SignalActuate> grant = caller.mayActuate(leaf);
            if (grant.isEmpty()) {
                return new Answer.Denied(leaf);
            }
            ActuatorClaim claim;
            try {
                claim = claim(caller, leaf, grant.get());
            } catch (ActuationException e) {
                return new Answer.Unfit(String.valueOf(e.getMessage()));
            }
            ActuationOutcome acquired = acquire(claim, grant.get());
            if (!acquired.done()) {
                return new Answer.Refused(leaf, acquired);
            }
            setpoints.add(new Setpoint(claim, values.get(i)));
        }
        ActuationOutcome outcome =
                setpoints.size() == 1 ? setpoints.getFirst().claim().set(values.getFirst()) : board.setAll(setpoints);
        return outcome.done() ? new Answer.Done() : new Answer.Refused(leaves.getFirst(), outcome);
    }

    private static ActuationOutcome acquire(ActuatorClaim claim, SignalActuate grant) {
        claim.regrant(Optional.of(grant));
        long lease = grant.leaseMillis().orElse(DEFAULT_LEASE_MILLIS) * 1_000_000;
        return claim.acquire(grant.priority().orElse(0), lease);
    }

    private synchronized ActuatorClaim claim(BrokerCaller caller, SignalLeaf leaf, SignalActuate grant) {
        ClaimKey key = new ClaimKey(caller.name(), leaf.id());
        ActuatorClaim known = claims.get(key);
        if (known != null) {
            return known;
        }
        if (claims.size() >= MAX_CLAIMS) {
            ClaimKey eldest = claims.keySet().iterator().next();
            Optional.ofNullable(claims.remove(eldest)).ifPresent(ActuatorClaim::close);
        }
        ActuatorClaim made = board.claim(leaf, new ActuatorOwner(caller.name(), 0), grant, (actuator, cause) -> {});
        claims.put(key, made);
        return made;
    }
}
