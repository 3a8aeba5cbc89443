package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Error;
import dev.bulkhead.hal.databroker.proto.v2.ErrorCode;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideActuationResponse;
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
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One provider on its stream: claims signals and actuators, publishes, and is sent actuations. All of it ends with the stream. */
final class ProviderSession implements StreamObserver<OpenProviderStreamRequest>, ActuatorSink {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderSession.class);

    private final Broker broker;
    private final Map<Integer, ProviderSession> signalOwners;
    private final BrokerCaller caller;
    private final ServerCallStreamObserver<OpenProviderStreamResponse> provider;
    private final Set<Integer> signals = new LinkedHashSet<>();
    private final Set<SignalLeaf> actuators = new LinkedHashSet<>();
    private boolean ended;

    ProviderSession(
            Broker broker,
            Map<Integer, ProviderSession> signalOwners,
            ServerCallStreamObserver<OpenProviderStreamResponse> provider) {
        this.broker = broker;
        this.signalOwners = signalOwners;
        this.provider = provider;
        this.caller = Broker.caller();
        provider.setOnCancelHandler(this::end);
    }

    @Override
    public void onNext(OpenProviderStreamRequest request) {
        try {
            switch (request.getActionCase()) {
                case PROVIDE_ACTUATION_REQUEST ->
                    provideActuation(request.getProvideActuationRequest().getActuatorIdentifiersList());
                case PROVIDE_SIGNAL_REQUEST ->
                    provideSignals(request.getProvideSignalRequest()
                            .getSignalsSampleIntervalsMap()
                            .keySet());
                case PUBLISH_VALUES_REQUEST -> publish(request.getPublishValuesRequest());
                case BATCH_ACTUATE_STREAM_RESPONSE ->
                    LOG.debug("{} answers {}", caller.name(), request.getBatchActuateStreamResponse());
                case UPDATE_FILTER_RESPONSE, GET_PROVIDER_VALUE_RESPONSE ->
                    LOG.debug("{} answers what was not asked", caller.name());
                case PROVIDER_ERROR_INDICATION ->
                    LOG.warn(
                            "provider {} reports {}",
                            caller.name(),
                            request.getProviderErrorIndication().getProviderError());
                case ACTION_NOT_SET -> throw Broker.error(Status.INVALID_ARGUMENT, "the message holds no action");
            }
        } catch (StatusRuntimeException e) {
            end();
            provider.onError(e);
        }
    }

    private void provideActuation(List<SignalID> ids) {
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

    private void provideSignals(Set<Integer> ids) {
        for (int id : ids) {
            mine(broker.leaf(id));
        }
        for (int id : ids) {
            ProviderSession owner = signalOwners.putIfAbsent(id, this);
            if (owner != null && owner != this) {
                throw Broker.error(Status.ALREADY_EXISTS, broker.leaf(id).path() + " is provided by another");
            }
            signals.add(id);
        }
        say(OpenProviderStreamResponse.newBuilder()
                .setProvideSignalResponse(ProvideSignalResponse.getDefaultInstance()));
    }

    private SignalLeaf mine(SignalLeaf leaf) {
        if (!caller.mayProvide(leaf)) {
            throw Broker.error(Status.PERMISSION_DENIED, "may not provide " + leaf.path());
        }
        return leaf;
    }

    private void publish(PublishValuesRequest request) {
        Map<Integer, Error> errors = new HashMap<>();
        for (Map.Entry<Integer, Datapoint> entry : request.getDataPointsMap().entrySet()) {
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
        if (!errors.isEmpty()) {
            say(OpenProviderStreamResponse.newBuilder()
                    .setPublishValuesResponse(PublishValuesResponse.newBuilder()
                            .setRequestId(request.getRequestId())
                            .putAllStatus(errors)));
        }
    }

    private boolean claimed(int id) {
        return signals.contains(id) || actuators.contains(broker.leaf(id));
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

    private void say(OpenProviderStreamResponse.Builder words) {
        synchronized (provider) {
            if (!ended) {
                provider.onNext(words.build());
            }
        }
    }

    /** A provider that does not read its stream is not ready: nothing piles up for it. */
    @Override
    public boolean ready(SignalLeaf actuator) {
        return provider.isReady();
    }

    @Override
    public boolean apply(SignalLeaf actuator, SignalValue value) {
        if (!provider.isReady()) {
            return false;
        }
        say(OpenProviderStreamResponse.newBuilder()
                .setBatchActuateStreamRequest(BatchActuateStreamRequest.newBuilder()
                        .addActuateRequests(ActuateRequest.newBuilder()
                                .setSignalId(SignalID.newBuilder().setPath(actuator.path()))
                                .setValue(ProtoValues.toProto(value)))));
        return true;
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
        end();
        synchronized (provider) {
            provider.onCompleted();
        }
    }

    private void end() {
        synchronized (provider) {
            ended = true;
        }
        signals.forEach(id -> signalOwners.remove(id, this));
        actuators.forEach(broker.board()::detach);
    }
}
