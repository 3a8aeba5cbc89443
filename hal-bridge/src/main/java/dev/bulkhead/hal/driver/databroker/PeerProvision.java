package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.hal.databroker.BrokerCaller;
import dev.bulkhead.hal.databroker.CallerCommands;
import dev.bulkhead.hal.databroker.ProtoValues;
import dev.bulkhead.hal.databroker.WireTime;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Error;
import dev.bulkhead.hal.databroker.proto.v2.ErrorCode;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.GetProviderValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetProviderValueResponse;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideActuationRequest;
import dev.bulkhead.hal.databroker.proto.v2.ProvideSignalRequest;
import dev.bulkhead.hal.databroker.proto.v2.PublishValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.SampleInterval;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * We as a provider on the peer's stream: publish, answer, obey. Only the newest value of each signal waits for a peer that is slow, and a peer
 * that does not read our answers is not read from either.
 */
final class PeerProvision
        implements ClientResponseObserver<OpenProviderStreamRequest, OpenProviderStreamResponse>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerProvision.class);
    private static final int MOST_COMMANDS = 256;

    private final PeerNames names;
    private final BrokerPeer peer;
    private final DriverContext context;
    private final BrokerCaller rights;
    private final CallerCommands commands;
    private final CompletableFuture<String> broken;
    private final Executor executor;
    private final Map<SignalLeaf, SignalSubscription> subscriptions = new LinkedHashMap<>();
    private final AtomicInteger drains = new AtomicInteger();
    private @Nullable ClientCallStreamObserver<OpenProviderStreamRequest> stream;
    private boolean accepted;
    private boolean readOwed;
    private boolean closed;
    private int requests;

    PeerProvision(
            PeerNames names,
            BrokerPeer peer,
            DriverContext context,
            BrokerCaller rights,
            CallerCommands commands,
            CompletableFuture<String> broken,
            Executor executor) {
        this.names = names;
        this.peer = peer;
        this.context = context;
        this.rights = rights;
        this.commands = commands;
        this.broken = broken;
        this.executor = executor;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<OpenProviderStreamRequest> call) {
        synchronized (this) {
            stream = call;
        }
        call.disableAutoRequestWithInitial(1);
        call.setOnReadyHandler(this::roomAgain);
    }

    /** Says what we provide; the stream is open. */
    synchronized void introduce() {
        if (!names.accept().isEmpty()) {
            ProvideActuationRequest.Builder actuators = ProvideActuationRequest.newBuilder();
            names.accept()
                    .values()
                    .forEach(leaf -> actuators.addActuatorIdentifiers(
                            SignalID.newBuilder().setPath(leaf.path())));
            say(OpenProviderStreamRequest.newBuilder().setProvideActuationRequest(actuators));
        }
        if (!names.provide().isEmpty()) {
            ProvideSignalRequest.Builder signals = ProvideSignalRequest.newBuilder();
            SampleInterval interval = SampleInterval.newBuilder()
                    .setIntervalMs(peer.intervalMillis())
                    .build();
            names.provide().keySet().forEach(id -> signals.putSignalsSampleIntervals(id, interval));
            say(OpenProviderStreamRequest.newBuilder().setProvideSignalRequest(signals));
        }
    }

    @Override
    public void onNext(OpenProviderStreamResponse response) {
        switch (response.getActionCase()) {
            case PROVIDE_ACTUATION_RESPONSE ->
                LOG.info(
                        "databroker {} sends us commands for {} actuators",
                        peer.address(),
                        names.accept().size());
            case PROVIDE_SIGNAL_RESPONSE -> begin();
            case PUBLISH_VALUES_RESPONSE ->
                LOG.warn("databroker {} does not take values: {}", peer.address(), response.getPublishValuesResponse());
            case BATCH_ACTUATE_STREAM_REQUEST ->
                obey(response.getBatchActuateStreamRequest().getActuateRequestsList());
            case UPDATE_FILTER_REQUEST ->
                response.getUpdateFilterRequest().getFiltersUpdateMap().forEach(this::filter);
            case GET_PROVIDER_VALUE_REQUEST -> answer(response.getGetProviderValueRequest());
            case ACTION_NOT_SET -> LOG.debug("databroker {} says nothing", peer.address());
        }
        readOn();
    }

    private synchronized void begin() {
        if (!accepted && !closed) {
            accepted = true;
            names.provide().values().forEach(leaf -> listen(leaf, peer.intervalMillis()));
        }
    }

    private void listen(SignalLeaf leaf, long intervalMillis) {
        SignalSubscription before = subscriptions.put(
                leaf,
                context.signals()
                        .subscribe(
                                leaf.id(),
                                SubscriptionOptions.latest()
                                        .withChangesOnly(false)
                                        .withInitial(true)
                                        .withMinInterval(
                                                Math.max(intervalMillis * 1_000_000, rights.leastIntervalNanos(leaf))),
                                this::drainSoon));
        if (before != null) {
            before.close();
        }
    }

    private synchronized void filter(int id, Filter filter) {
        SignalLeaf leaf = names.provide().get(id);
        if (leaf != null && accepted && !closed) {
            listen(
                    leaf,
                    filter.hasMinSampleInterval()
                            ? Integer.toUnsignedLong(
                                    filter.getMinSampleInterval().getIntervalMs())
                            : peer.intervalMillis());
        }
    }

    private void drainSoon() {
        if (drains.getAndIncrement() == 0) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException e) {
                LOG.trace("the connection has ended meanwhile", e);
            }
        }
    }

    private void drain() {
        int seen;
        do {
            seen = drains.get();
            publish();
        } while (drains.addAndGet(-seen) > 0);
    }

    private synchronized void publish() {
        ClientCallStreamObserver<OpenProviderStreamRequest> to = stream;
        if (closed || to == null || !to.isReady()) {
            return;
        }
        Map<Integer, Datapoint> values = new HashMap<>();
        SignalReading reading = new SignalReading();
        names.provide().forEach((id, leaf) -> {
            SignalSubscription subscription = subscriptions.get(leaf);
            if (subscription != null && subscription.poll(reading)) {
                values.put(id, datapoint(leaf, reading));
            }
        });
        if (!values.isEmpty()) {
            say(OpenProviderStreamRequest.newBuilder()
                    .setPublishValuesRequest(PublishValuesRequest.newBuilder()
                            .setRequestId(++requests)
                            .putAllDataPoints(values)));
        }
    }

    private Datapoint datapoint(SignalLeaf leaf, SignalReading reading) {
        Datapoint.Builder datapoint = Datapoint.newBuilder();
        context.signals()
                .cell(leaf.id())
                .valueOf(reading)
                .ifPresent(value -> datapoint
                        .setValue(ProtoValues.toProto(value))
                        .setTimestamp(WireTime.timestamp(reading.timeNanos(), context.clock())));
        return datapoint.build();
    }

    private void answer(GetProviderValueRequest question) {
        GetProviderValueResponse.Builder answer =
                GetProviderValueResponse.newBuilder().setRequestId(question.getRequestId());
        SignalReading reading = new SignalReading();
        for (int id : question.getSignalIdsList()) {
            SignalLeaf leaf = names.provide().get(id);
            if (leaf != null && rights.takeRead(leaf)) {
                context.signals().cell(leaf.id()).read(reading);
                answer.putEntries(id, datapoint(leaf, reading));
            }
        }
        say(OpenProviderStreamRequest.newBuilder().setGetProviderValueResponse(answer));
    }

    /** All of a batch or nothing, as our own batches are. */
    private void obey(List<ActuateRequest> requests) {
        List<SignalLeaf> leaves = new ArrayList<>();
        List<SignalValue> values = new ArrayList<>();
        Error verdict = Error.getDefaultInstance();
        if (requests.size() > MOST_COMMANDS) {
            verdict = error(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "at most " + MOST_COMMANDS + " commands at once");
        }
        for (ActuateRequest request : requests.subList(0, Math.min(requests.size(), MOST_COMMANDS))) {
            Optional<SignalLeaf> leaf = names.accepted(request.getSignalId());
            Optional<SignalValue> value =
                    leaf.flatMap(known -> ProtoValues.fromProto(request.getValue(), known.type()));
            leaf.ifPresent(leaves::add);
            value.ifPresent(values::add);
            if (leaf.isEmpty()) {
                verdict = error(ErrorCode.ERROR_CODE_NOT_FOUND, "no actuator we provide");
            } else if (value.isEmpty()) {
                verdict = error(
                        ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                        "another type than " + leaf.get().type());
            }
        }
        Error answer = verdict.equals(Error.getDefaultInstance()) ? carryOut(leaves, values) : verdict;
        for (ActuateRequest request : requests) {
            say(OpenProviderStreamRequest.newBuilder()
                    .setBatchActuateStreamResponse(BatchActuateStreamResponse.newBuilder()
                            .setSignalId(request.getSignalId())
                            .setError(answer)));
        }
    }

    private Error carryOut(List<SignalLeaf> leaves, List<SignalValue> values) {
        if (leaves.isEmpty()) {
            return error(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "no command");
        }
        return switch (commands.set(rights, leaves, values)) {
            case CallerCommands.Answer.Done done -> error(ErrorCode.ERROR_CODE_OK, "");
            case CallerCommands.Answer.Denied(SignalLeaf leaf) ->
                error(ErrorCode.ERROR_CODE_PERMISSION_DENIED, "policy does not let you actuate " + leaf.path());
            case CallerCommands.Answer.Unfit(String why) -> error(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, why);
            case CallerCommands.Answer.Refused(SignalLeaf leaf, var outcome) ->
                error(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, leaf.path() + ": " + outcome);
        };
    }

    private static Error error(ErrorCode code, String words) {
        return Error.newBuilder().setCode(code).setMessage(words).build();
    }

    private synchronized void say(OpenProviderStreamRequest.Builder words) {
        if (stream != null && !closed) {
            stream.onNext(words.build());
        }
    }

    private synchronized void readOn() {
        if (stream != null && stream.isReady()) {
            stream.request(1);
        } else {
            readOwed = true;
        }
    }

    private void roomAgain() {
        synchronized (this) {
            if (readOwed && stream != null) {
                readOwed = false;
                stream.request(1);
            }
        }
        drainSoon();
    }

    @Override
    public void onError(Throwable problem) {
        broken.complete("provider stream ended: " + Status.fromThrowable(problem));
    }

    @Override
    public void onCompleted() {
        broken.complete("the databroker ended the provider stream");
    }

    @Override
    public synchronized void close() {
        closed = true;
        subscriptions.values().forEach(SignalSubscription::close);
        subscriptions.clear();
    }
}
