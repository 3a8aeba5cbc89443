package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.actuation.ActuationOutcome;
import dev.bulkhead.hal.actuation.ActuatorBoard;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What both versions of the API do with signals and actuators, with the caller's rights checked first. Thread-safe. */
final class Broker {
    static final int MAX_PATH = 1_000;
    private static final int LONGEST_ANSWER_MILLIS = 1_000;

    private final SignalStore store;
    private final ActuatorBoard board;
    private final VehicleClock clock;
    private final CallerCommands commands;
    private final ProviderRegistry providers = new ProviderRegistry();
    private final FeedBudget feeds = new FeedBudget();

    Broker(SignalStore store, ActuatorBoard board, VehicleClock clock) {
        this.store = store;
        this.board = board;
        this.clock = clock;
        this.commands = new CallerCommands(board);
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

    /** A signal whose value may be told now; counts. */
    SignalLeaf read(SignalLeaf leaf) {
        take(readable(leaf));
        return leaf;
    }

    /** Counts a read of a signal that the caller may read. */
    void take(SignalLeaf leaf) {
        if (!caller().takeRead(leaf)) {
            throw error(
                    Status.RESOURCE_EXHAUSTED, "reads " + leaf.path() + " more often than the vehicle's policy gives");
        }
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
                .setTimestamp(WireTime.timestamp(reading.timeNanos(), clock))
                .setValue(value)
                .build();
    }

    /** Publishes what a provider measured; the time it gives counts unless it lies in the future. */
    void publish(SignalLeaf leaf, Datapoint datapoint) {
        if (!datapoint.hasValue()) {
            store.withdraw(leaf.id());
            return;
        }
        store.publish(leaf.id(), fitting(leaf, datapoint.getValue()), WireTime.sampled(datapoint, clock));
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
        switch (commands.set(caller(), leaves, values)) {
            case CallerCommands.Answer.Done done -> {}
            case CallerCommands.Answer.Denied(SignalLeaf leaf) ->
                throw error(Status.PERMISSION_DENIED, "may not actuate " + leaf.path());
            case CallerCommands.Answer.Unfit(String why) -> throw error(Status.FAILED_PRECONDITION, why);
            case CallerCommands.Answer.Refused(SignalLeaf leaf, ActuationOutcome outcome) ->
                throw refusal(outcome, leaf);
        }
    }

    SignalLeaf actuator(SignalLeaf leaf) {
        if (leaf.kind() != LeafKind.ACTUATOR) {
            throw error(Status.INVALID_ARGUMENT, leaf.path() + " is no actuator");
        }
        return leaf;
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
