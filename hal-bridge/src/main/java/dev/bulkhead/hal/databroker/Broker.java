package dev.bulkhead.hal.databroker;

import com.google.protobuf.Timestamp;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationException;
import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.Setpoint;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.VehicleClock;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What both versions of the API do with signals and actuators, with the caller's rights checked first. Thread-safe. */
final class Broker {
    static final int MAX_PATH = 1_000;
    private static final int MAX_CLAIMS = 1_024;
    private static final long DEFAULT_LEASE_MILLIS = 10_000;
    private static final int LONGEST_ANSWER_MILLIS = 1_000;

    private record ClaimKey(String caller, int leaf) {}

    private final SignalStore store;
    private final ActuatorBoard board;
    private final VehicleClock clock;
    private final Map<ClaimKey, ActuatorClaim> claims = new LinkedHashMap<>();
    private final ProviderRegistry providers = new ProviderRegistry();
    private final FeedBudget feeds = new FeedBudget();

    Broker(SignalStore store, ActuatorBoard board, VehicleClock clock) {
        this.store = store;
        this.board = board;
        this.clock = clock;
    }

    SignalStore store() {
        return store;
    }

    ActuatorBoard board() {
        return board;
    }

    ProviderRegistry providers() {
        return providers;
    }

    FeedBudget feeds() {
        return feeds;
    }

    static BrokerCaller caller() {
        BrokerCaller caller = BrokerAuthentication.CALLER.get();
        if (caller == null) {
            throw error(Status.UNAUTHENTICATED, "no valid token");
        }
        return caller;
    }

    static StatusRuntimeException error(Status status, String words) {
        return status.withDescription(words).asRuntimeException();
    }

    SignalLeaf leaf(SignalID id) {
        return switch (id.getSignalCase()) {
            case ID -> leaf(id.getId());
            case PATH -> leaf(id.getPath());
            case SIGNAL_NOT_SET -> throw error(Status.INVALID_ARGUMENT, "the request names no signal");
        };
    }

    SignalLeaf leaf(int id) {
        if (id < 0 || id >= store.tree().size()) {
            throw error(Status.NOT_FOUND, "no signal has the id " + id);
        }
        return store.tree().leaf(id);
    }

    SignalLeaf leaf(String path) {
        if (path.isEmpty() || path.length() > MAX_PATH) {
            throw error(Status.INVALID_ARGUMENT, "a path has 1 to " + MAX_PATH + " characters");
        }
        return store.tree().find(path).orElseThrow(() -> error(Status.NOT_FOUND, "no signal " + path));
    }

    SignalLeaf readable(SignalLeaf leaf) {
        if (!caller().mayRead(leaf)) {
            throw error(Status.PERMISSION_DENIED, "may not read " + leaf.path());
        }
        return leaf;
    }

    SignalLeaf providable(SignalLeaf leaf) {
        if (!caller().mayProvide(leaf)) {
            throw error(Status.PERMISSION_DENIED, "may not provide " + leaf.path());
        }
        return leaf;
    }

    /**
     * Has providers asked for those of the signals whose values are older than they promised, and waits {@value #LONGEST_ANSWER_MILLIS} ms at
     * most; who does not answer is not asked again before it does.
     */
    void refresh(List<SignalLeaf> leaves) {
        Map<ProviderSession, List<Integer>> stale = new LinkedHashMap<>();
        for (SignalLeaf leaf : leaves) {
            if (providers.owner(leaf.id()).orElse(null) instanceof ProviderSession session && isStale(leaf)) {
                stale.computeIfAbsent(session, key -> new ArrayList<>()).add(leaf.id());
            }
        }
        Map<ProviderSession, CompletableFuture<Boolean>> answers = new LinkedHashMap<>();
        stale.forEach((session, ids) -> answers.put(session, session.ask(ids)));
        try {
            CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                    .get(LONGEST_ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answers.forEach((session, answer) -> {
                if (!answer.isDone()) {
                    session.tooLate();
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("answers do not fail", e);
        }
    }

    private boolean isStale(SignalLeaf leaf) {
        SignalReading reading = new SignalReading();
        store.cell(leaf.id()).read(reading);
        return !reading.present()
                || clock.nanos() - reading.timeNanos() > providers.offeredMillis(leaf.id()) * 1_000_000L;
    }

    /** The present value; without one when there is none. */
    Datapoint datapoint(SignalLeaf leaf) {
        SignalReading reading = new SignalReading();
        store.cell(leaf.id()).read(reading);
        return datapoint(leaf, reading);
    }

    Datapoint datapoint(SignalLeaf leaf, SignalReading reading) {
        if (!reading.present()) {
            return Datapoint.getDefaultInstance();
        }
        SignalValue object = reading.object();
        Value value = object != null ? ProtoValues.toProto(object) : ProtoValues.scalar(leaf.type(), reading.bits());
        return Datapoint.newBuilder()
                .setTimestamp(timestamp(reading.timeNanos()))
                .setValue(value)
                .build();
    }

    private Timestamp timestamp(long sampledNanos) {
        long age = clock.nanos() - sampledNanos;
        long unixMillis = clock.unixMillis();
        long seconds = Math.floorDiv(unixMillis, 1_000) - age / 1_000_000_000;
        long nanos = Math.floorMod(unixMillis, 1_000) * 1_000_000L - age % 1_000_000_000;
        return Timestamp.newBuilder()
                .setSeconds(seconds + Math.floorDiv(nanos, 1_000_000_000L))
                .setNanos((int) Math.floorMod(nanos, 1_000_000_000L))
                .build();
    }

    /** Publishes what a provider measured; the time it gives counts unless it lies in the future. */
    void publish(SignalLeaf leaf, Datapoint datapoint) {
        if (!datapoint.hasValue()) {
            store.withdraw(leaf.id());
            return;
        }
        store.publish(leaf.id(), fitting(leaf, datapoint.getValue()), sampled(datapoint));
    }

    private long sampled(Datapoint datapoint) {
        long now = clock.nanos();
        if (!datapoint.hasTimestamp()) {
            return now;
        }
        Timestamp told = datapoint.getTimestamp();
        long ageSeconds = clock.unixMillis() / 1_000 - told.getSeconds();
        if (ageSeconds > 86_400 * 365L) {
            return 0;
        }
        long age = (clock.unixMillis() - told.getSeconds() * 1_000) * 1_000_000 - told.getNanos();
        return ageSeconds < 0 ? now : Math.clamp(now - age, 0, now);
    }

    SignalValue fitting(SignalLeaf leaf, Value value) {
        SignalValue typed = ProtoValues.fromProto(value, leaf.type())
                .orElseThrow(() -> error(
                        Status.INVALID_ARGUMENT,
                        leaf.path() + " is a " + leaf.type().vssName() + ", another type or range was sent"));
        if (leaf.fit(typed) != SignalLeaf.Fit.FITS) {
            throw error(Status.INVALID_ARGUMENT, "value is not allowed for " + leaf.path() + " or out of its range");
        }
        return typed;
    }

    /** One command on behalf of the caller, with everything checked; none is sent unless all can be. */
    void actuate(List<SignalLeaf> leaves, List<SignalValue> values) {
        List<Setpoint> setpoints = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            setpoints.add(new Setpoint(owned(leaves.get(i)), values.get(i)));
        }
        ActuationOutcome outcome =
                setpoints.size() == 1 ? setpoints.getFirst().claim().set(values.getFirst()) : board.setAll(setpoints);
        if (!outcome.done()) {
            throw refusal(outcome, leaves.getFirst());
        }
    }

    SignalLeaf actuator(SignalLeaf leaf) {
        if (leaf.kind() != LeafKind.ACTUATOR) {
            throw error(Status.INVALID_ARGUMENT, leaf.path() + " is no actuator");
        }
        return leaf;
    }

    /** The caller's claim, freshly acquired: each command begins the lease anew. */
    private ActuatorClaim owned(SignalLeaf leaf) {
        BrokerCaller caller = caller();
        SignalActuate grant = caller.mayActuate(leaf)
                .orElseThrow(() -> error(Status.PERMISSION_DENIED, "may not actuate " + leaf.path()));
        ActuatorClaim claim = claim(caller, leaf, grant);
        claim.regrant(Optional.of(grant));
        long lease = grant.leaseMillis().orElse(DEFAULT_LEASE_MILLIS) * 1_000_000;
        ActuationOutcome outcome = claim.acquire(grant.priority().orElse(0), lease);
        if (!outcome.done()) {
            throw refusal(outcome, leaf);
        }
        return claim;
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
        try {
            ActuatorClaim made = board.claim(leaf, new ActuatorOwner(caller.name(), 0), grant, (actuator, cause) -> {});
            claims.put(key, made);
            return made;
        } catch (ActuationException e) {
            throw error(Status.FAILED_PRECONDITION, String.valueOf(e.getMessage()));
        }
    }

    private static StatusRuntimeException refusal(ActuationOutcome outcome, SignalLeaf leaf) {
        Status status = switch (outcome) {
            case RANGE, TYPE, INVAL -> Status.INVALID_ARGUMENT;
            case NODEV -> Status.UNAVAILABLE;
            case PERM, BADH -> Status.PERMISSION_DENIED;
            case BUSY, LEASE -> Status.ABORTED;
            case COND -> Status.FAILED_PRECONDITION;
            case RATE, NOSPC -> Status.RESOURCE_EXHAUSTED;
            case OK, CLAMPED -> Status.INTERNAL;
        };
        return error(status, leaf.path() + ": " + outcome);
    }
}
