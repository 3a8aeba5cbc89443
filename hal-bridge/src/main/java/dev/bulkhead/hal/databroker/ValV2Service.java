package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.ActuateResponse;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateResponse;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.GetServerInfoRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetServerInfoResponse;
import dev.bulkhead.hal.databroker.proto.v2.GetValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetValueResponse;
import dev.bulkhead.hal.databroker.proto.v2.GetValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetValuesResponse;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataRequest;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataResponse;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.PublishValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.PublishValueResponse;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeByIdRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeByIdResponse;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code kuksa.val.v2.VAL}. Thread-safe. */
final class ValV2Service extends VALGrpc.VALImplBase {
    static final String NAME = "bulkhead";
    static final String VERSION = "0.1.0";
    private static final int MAX_SIGNALS = 4_096;

    private final Broker broker;
    private final Scheduler scheduler;
    private final VehicleClock clock;
    private final Executor executor;

    ValV2Service(Broker broker, Scheduler scheduler, VehicleClock clock, Executor executor) {
        this.broker = broker;
        this.scheduler = scheduler;
        this.clock = clock;
        this.executor = executor;
    }

    /** Answers with what {@code work} finds, or with its refusal. */
    static <A> void answer(StreamObserver<A> client, Supplier<A> work) {
        try {
            client.onNext(work.get());
            client.onCompleted();
        } catch (StatusRuntimeException e) {
            client.onError(e);
        }
    }

    @Override
    public void getValue(GetValueRequest request, StreamObserver<GetValueResponse> client) {
        answer(client, () -> {
            SignalLeaf leaf = broker.read(broker.leaf(request.getSignalId()));
            broker.refresh(List.of(leaf));
            return GetValueResponse.newBuilder()
                    .setDataPoint(broker.datapoint(leaf))
                    .build();
        });
    }

    @Override
    public void getValues(GetValuesRequest request, StreamObserver<GetValuesResponse> client) {
        answer(client, () -> {
            List<SignalID> ids = request.getSignalIdsList();
            requireSome(ids.size());
            List<SignalLeaf> leaves =
                    ids.stream().map(broker::leaf).map(broker::read).toList();
            broker.refresh(leaves);
            GetValuesResponse.Builder values = GetValuesResponse.newBuilder();
            leaves.forEach(leaf -> values.addDataPoints(broker.datapoint(leaf)));
            return values.build();
        });
    }

    private static void requireSome(int signals) {
        if (signals == 0 || signals > MAX_SIGNALS) {
            throw Broker.error(Status.INVALID_ARGUMENT, "a request names 1 to " + MAX_SIGNALS + " signals");
        }
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> client) {
        Supplier<List<SignalLeaf>> leaves =
                () -> request.getSignalPathsList().stream().map(broker::leaf).toList();
        feed(client, leaves, request.getBufferSize(), request.getFilter(), news -> {
            SubscribeResponse.Builder response = SubscribeResponse.newBuilder();
            news.forEach((leaf, datapoint) -> response.putEntries(leaf.path(), datapoint));
            return response.build();
        });
    }

    @Override
    public void subscribeById(SubscribeByIdRequest request, StreamObserver<SubscribeByIdResponse> client) {
        Supplier<List<SignalLeaf>> leaves = () -> request.getSignalIdsList().stream()
                .map(id -> broker.leaf((int) id))
                .toList();
        feed(client, leaves, request.getBufferSize(), request.getFilter(), news -> {
            SubscribeByIdResponse.Builder response = SubscribeByIdResponse.newBuilder();
            news.forEach((leaf, datapoint) -> response.putEntries(leaf.id(), datapoint));
            return response.build();
        });
    }

    private <A> void feed(
            StreamObserver<A> client,
            Supplier<List<SignalLeaf>> leaves,
            int buffer,
            Filter filter,
            Function<Map<SignalLeaf, Datapoint>, A> answer) {
        try {
            List<SignalLeaf> wanted =
                    leaves.get().stream().distinct().map(broker::read).toList();
            new SignalFeed<>(broker, (ServerCallStreamObserver<A>) client, answer, executor)
                    .start(
                            wanted,
                            SignalFeed.options(buffer, filter),
                            SignalFeed.interval(filter),
                            scheduler,
                            clock,
                            Integer.toUnsignedLong(filter.getDurationMs()));
        } catch (StatusRuntimeException e) {
            client.onError(e);
        }
    }

    @Override
    public void actuate(ActuateRequest request, StreamObserver<ActuateResponse> client) {
        answer(client, () -> {
            actuate(List.of(request));
            return ActuateResponse.getDefaultInstance();
        });
    }

    @Override
    public void batchActuate(BatchActuateRequest request, StreamObserver<BatchActuateResponse> client) {
        answer(client, () -> {
            requireSome(request.getActuateRequestsCount());
            actuate(request.getActuateRequestsList());
            return BatchActuateResponse.getDefaultInstance();
        });
    }

    private void actuate(List<ActuateRequest> requests) {
        List<SignalLeaf> leaves = new ArrayList<>();
        List<SignalValue> values = new ArrayList<>();
        for (ActuateRequest request : requests) {
            SignalLeaf leaf = broker.actuator(broker.leaf(request.getSignalId()));
            leaves.add(leaf);
            values.add(broker.fitting(leaf, request.getValue()));
        }
        broker.actuate(leaves, values);
    }

    @Override
    public StreamObserver<ActuateRequest> actuateStream(StreamObserver<ActuateResponse> client) {
        return new StreamObserver<>() {
            private boolean refused;

            @Override
            public void onNext(ActuateRequest request) {
                if (refused) {
                    return;
                }
                try {
                    actuate(List.of(request));
                } catch (StatusRuntimeException e) {
                    refused = true;
                    client.onError(e);
                }
            }

            @Override
            public void onError(Throwable problem) {
                refused = true;
            }

            @Override
            public void onCompleted() {
                if (!refused) {
                    client.onNext(ActuateResponse.getDefaultInstance());
                    client.onCompleted();
                }
            }
        };
    }

    @Override
    public void listMetadata(ListMetadataRequest request, StreamObserver<ListMetadataResponse> client) {
        answer(client, () -> {
            BrokerCaller caller = Broker.caller();
            ListMetadataResponse.Builder list = ListMetadataResponse.newBuilder();
            MetadataV2.under(broker.store().tree(), request.getRoot()).stream()
                    .filter(caller::mayList)
                    .map(MetadataV2::of)
                    .forEach(list::addMetadata);
            return list.build();
        });
    }

    @Override
    public void publishValue(PublishValueRequest request, StreamObserver<PublishValueResponse> client) {
        answer(client, () -> {
            SignalLeaf leaf = broker.providable(broker.leaf(request.getSignalId()));
            broker.publish(leaf, request.getDataPoint());
            return PublishValueResponse.getDefaultInstance();
        });
    }

    @Override
    public StreamObserver<OpenProviderStreamRequest> openProviderStream(
            StreamObserver<OpenProviderStreamResponse> client) {
        return new ProviderSession(broker, (ServerCallStreamObserver<OpenProviderStreamResponse>) client);
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> client) {
        answer(
                client,
                () -> GetServerInfoResponse.newBuilder()
                        .setName(NAME)
                        .setVersion(VERSION)
                        .build());
    }
}
