package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Error;
import dev.bulkhead.hal.databroker.proto.v2.ErrorCode;
import dev.bulkhead.hal.databroker.proto.v2.GetProviderValueResponse;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideActuationResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideSignalRequest;
import dev.bulkhead.hal.databroker.proto.v2.ProvideSignalResponse;
import dev.bulkhead.hal.databroker.proto.v2.PublishValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.PublishValuesResponse;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider on its stream: claims signals and actuators, publishes, is sent actuations, filters and questions for values. All of it ends
 * with the stream.
 */
final class ProviderSession implements StreamObserver<OpenProviderStreamRequest>, ActuatorSink, ProviderRegistry.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderSession.class);

    private final Broker broker;
    private final BrokerCaller caller;
    private final ServerCallStreamObserver<OpenProviderStreamResponse> provider;
    private final ProviderMail mail;
    private final Set<SignalLeaf> actuators = new LinkedHashSet<>();

    /** Only the stream's own callbacks look at it, one after the other. */
    private boolean refused;

    ProviderSession(Broker broker, ServerCallStreamObserver<OpenProviderStreamResponse> provider) {
        this.broker = broker;
        this.provider = provider;
        this.caller = Broker.caller();
        this.mail = new ProviderMail(provider);
        provider.setOnCancelHandler(this::end);
    }

    @Override
    public void onNext(OpenProviderStreamRequest request) {
        if (refused) {
            return;
        }
        try {
            obey(request);
            mail.readOn();
        } catch (StatusRuntimeException e) {
            refused = true;
            end();
            provider.onError(e);
        }
    }

    private void obey(OpenProviderStreamRequest request) {
        if (!caller.valid()) {
            throw Broker.error(Status.UNAUTHENTICATED, "the token has expired");
        }
        switch (request.getActionCase()) {
            case PROVIDE_ACTUATION_REQUEST ->
                provideActuation(request.getProvideActuationRequest().getActuatorIdentifiersList());
            case PROVIDE_SIGNAL_REQUEST -> provideSignals(request.getProvideSignalRequest());
            case PUBLISH_VALUES_REQUEST -> publish(request.getPublishValuesRequest());
            case BATCH_ACTUATE_STREAM_RESPONSE -> answered(request.getBatchActuateStreamResponse());
            case UPDATE_FILTER_RESPONSE ->
                LOG.warn("provider {} cannot keep a filter: {}", caller.name(), request.getUpdateFilterResponse());
            case GET_PROVIDER_VALUE_RESPONSE -> valuesCame(request.getGetProviderValueResponse());
            case PROVIDER_ERROR_INDICATION -> lost(request);
            case ACTION_NOT_SET -> throw Broker.error(Status.INVALID_ARGUMENT, "the message holds no action");
        }
    }

    private void provideActuation(List<SignalID> ids) {
        requireSome(ids.size());
        List<SignalLeaf> wanted = new ArrayList<>();
        for (SignalID id : ids) {
            wanted.add(broker.actuator(mine(broker.leaf(id))));
        }
        for (SignalLeaf leaf : wanted) {
            if (!actuators.contains(leaf) && !broker.board().attach(leaf, this)) {
                throw Broker.error(Status.ALREADY_EXISTS, leaf.path() + " is provided by another");
            }
            actuators.add(leaf);
        }
        say(OpenProviderStreamResponse.newBuilder()
                .setProvideActuationResponse(ProvideActuationResponse.getDefaultInstance()));
    }

    private void provideSignals(ProvideSignalRequest request) {
        requireSome(request.getSignalsSampleIntervalsCount());
        Map<Integer, Integer> intervals = new HashMap<>();
        request.getSignalsSampleIntervalsMap().forEach((id, interval) -> {
            mine(broker.leaf(id));
            intervals.put(id, (int) Math.min(Integer.toUnsignedLong(interval.getIntervalMs()), Integer.MAX_VALUE));
        });
        broker.providers().claim(this, intervals).ifPresent(id -> {
            throw Broker.error(Status.ALREADY_EXISTS, broker.leaf(id).path() + " is provided by another");
        });
        say(OpenProviderStreamResponse.newBuilder()
                .setProvideSignalResponse(ProvideSignalResponse.getDefaultInstance()));
        broker.providers().tell(this, intervals.keySet());
    }

    private static void requireSome(int signals) {
        if (signals == 0 || signals > SignalFeed.MAX_SIGNALS) {
            throw Broker.error(
                    Status.INVALID_ARGUMENT, "a provider names 1 to " + SignalFeed.MAX_SIGNALS + " signals at a time");
        }
    }

    private SignalLeaf mine(SignalLeaf leaf) {
        if (!caller.mayProvide(leaf)) {
            throw Broker.error(Status.PERMISSION_DENIED, "may not provide " + leaf.path());
        }
        return leaf;
    }

    private void publish(PublishValuesRequest request) {
        Map<Integer, Error> errors = publish(request.getDataPointsMap());
        if (!errors.isEmpty()) {
            say(OpenProviderStreamResponse.newBuilder()
                    .setPublishValuesResponse(PublishValuesResponse.newBuilder()
                            .setRequestId(request.getRequestId())
                            .putAllStatus(errors)));
        }
    }

    private Map<Integer, Error> publish(Map<Integer, Datapoint> values) {
        Map<Integer, Error> errors = new HashMap<>();
        for (Map.Entry<Integer, Datapoint> entry : values.entrySet()) {
            int id = entry.getKey();
            boolean known = id >= 0 && id < broker.store().tree().size();
            if (known && !claimed(id)) {
                throw Broker.error(Status.ABORTED, broker.leaf(id).path() + " is not claimed; provide it first");
            }
            try {
                broker.publish(mine(broker.leaf(id)), entry.getValue());
            } catch (StatusRuntimeException e) {
                errors.put(id, error(e.getStatus()));
            }
        }
        return errors;
    }

    private boolean claimed(int id) {
        return actuators.contains(broker.leaf(id))
                || broker.providers().owner(id).filter(owner -> owner == this).isPresent();
    }

    private static Error error(Status status) {
        ErrorCode code = switch (status.getCode()) {
            case NOT_FOUND -> ErrorCode.ERROR_CODE_NOT_FOUND;
            case PERMISSION_DENIED -> ErrorCode.ERROR_CODE_PERMISSION_DENIED;
            default -> ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
        };
        return Error.newBuilder()
                .setCode(code)
                .setMessage(String.valueOf(status.getDescription()))
                .build();
    }

    private void answered(BatchActuateStreamResponse answer) {
        ErrorCode code = answer.getError().getCode();
        if (answer.hasError() && code != ErrorCode.ERROR_CODE_OK && code != ErrorCode.ERROR_CODE_UNSPECIFIED) {
            LOG.warn("provider {} did not carry out {}", caller.name(), answer);
        }
    }

    /** The provider has lost its signals: their values are no longer known. */
    private void lost(OpenProviderStreamRequest request) {
        LOG.warn(
                "provider {} reports {}",
                caller.name(),
                request.getProviderErrorIndication().getProviderError());
        broker.providers().signals(this).forEach(broker.store()::withdraw);
    }

    /** Asks for present values; see {@link ProviderMail#ask}. */
    CompletableFuture<Boolean> ask(List<Integer> ids) {
        return mail.ask(ids);
    }

    /** It did not answer in time. */
    void tooLate() {
        mail.tooLate();
    }

    private void valuesCame(GetProviderValueResponse response) {
        mail.speaksAgain();
        Map<Integer, Error> errors = publish(response.getEntriesMap());
        if (!errors.isEmpty()) {
            LOG.debug("provider {} answers with values that do not fit: {}", caller.name(), errors);
        }
        mail.answered(response.getRequestId());
    }

    @Override
    public void filter(Map<Integer, OptionalInt> filters) {
        mail.filter(filters);
    }

    private void say(OpenProviderStreamResponse.Builder words) {
        mail.say(words);
    }

    /** A provider that does not read its stream is not ready: nothing piles up for it. */
    @Override
    public boolean ready(SignalLeaf actuator) {
        return caller.valid() && mail.ready();
    }

    @Override
    public boolean apply(SignalLeaf actuator, SignalValue value) {
        return caller.valid()
                && mail.offer(OpenProviderStreamResponse.newBuilder()
                        .setBatchActuateStreamRequest(BatchActuateStreamRequest.newBuilder()
                                .addActuateRequests(ActuateRequest.newBuilder()
                                        .setSignalId(SignalID.newBuilder().setId(actuator.id()))
                                        .setValue(ProtoValues.toProto(value)))));
    }

    /** The protocol has no word for giving back. */
    @Override
    public void release(SignalLeaf actuator) {}

    @Override
    public void onError(Throwable problem) {
        end();
    }

    @Override
    public void onCompleted() {
        if (!refused) {
            end();
            provider.onCompleted();
        }
    }

    private void end() {
        mail.end();
        broker.providers().leave(this);
        actuators.forEach(broker.board()::detach);
    }
}
