package dev.bulkhead.hal.databroker;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.hal.databroker.proto.v1.DataEntry;
import dev.bulkhead.hal.databroker.proto.v1.DataEntryError;
import dev.bulkhead.hal.databroker.proto.v1.Datapoint;
import dev.bulkhead.hal.databroker.proto.v1.EntryRequest;
import dev.bulkhead.hal.databroker.proto.v1.EntryUpdate;
import dev.bulkhead.hal.databroker.proto.v1.Error;
import dev.bulkhead.hal.databroker.proto.v1.Field;
import dev.bulkhead.hal.databroker.proto.v1.GetRequest;
import dev.bulkhead.hal.databroker.proto.v1.GetResponse;
import dev.bulkhead.hal.databroker.proto.v1.GetServerInfoRequest;
import dev.bulkhead.hal.databroker.proto.v1.GetServerInfoResponse;
import dev.bulkhead.hal.databroker.proto.v1.SetRequest;
import dev.bulkhead.hal.databroker.proto.v1.SetResponse;
import dev.bulkhead.hal.databroker.proto.v1.StreamedUpdateRequest;
import dev.bulkhead.hal.databroker.proto.v1.StreamedUpdateResponse;
import dev.bulkhead.hal.databroker.proto.v1.SubscribeEntry;
import dev.bulkhead.hal.databroker.proto.v1.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v1.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v1.VALGrpc;
import dev.bulkhead.hal.databroker.proto.v1.View;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;

/** {@code kuksa.val.v1.VAL}, for clients that have not moved on. Thread-safe. */
final class ValV1Service extends VALGrpc.VALImplBase {
    static final int MAX_ENTRIES = 4_096;

    private final Broker broker;
    private final Scheduler scheduler;
    private final VehicleClock clock;
    private final Executor executor;

    ValV1Service(Broker broker, Scheduler scheduler, VehicleClock clock, Executor executor) {
        this.broker = broker;
        this.scheduler = scheduler;
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public void getServerInfo(GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> client) {
        ValV2Service.answer(
                client,
                () -> GetServerInfoResponse.newBuilder()
                        .setName(ValV2Service.NAME)
                        .setVersion(ValV2Service.VERSION)
                        .build());
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> client) {
        ValV2Service.answer(client, () -> {
            requireSome(request.getEntriesCount());
            GetResponse.Builder response = GetResponse.newBuilder();
            for (EntryRequest entry : request.getEntriesList()) {
                get(entry, response);
            }
            return response.build();
        });
    }

    private static void requireSome(int entries) {
        if (entries == 0 || entries > MAX_ENTRIES) {
            throw Broker.error(Status.INVALID_ARGUMENT, "a request has 1 to " + MAX_ENTRIES + " entries");
        }
    }

    private void get(EntryRequest entry, GetResponse.Builder response) {
        try {
            BrokerCaller caller = Broker.caller();
            List<SignalLeaf> leaves = MetadataV2.under(broker.store().tree(), entry.getPath());
            List<SignalLeaf> seen = leaves.stream().filter(caller::mayRead).toList();
            if (seen.isEmpty()) {
                throw Broker.error(Status.PERMISSION_DENIED, "may not read " + entry.getPath());
            }
            if (wantsValue(entry.getView(), entry.getFieldsList())) {
                seen.forEach(broker::take);
                broker.refresh(seen);
            }
            seen.stream()
                    .map(leaf -> entry(leaf, entry.getView(), entry.getFieldsList()))
                    .forEach(response::addEntries);
        } catch (StatusRuntimeException e) {
            response.addErrors(entryError(entry.getPath(), e));
            response.setError(error(e));
        }
    }

    private static boolean wantsValue(View view, List<Field> fields) {
        return view == View.VIEW_ALL
                || view == View.VIEW_CURRENT_VALUE
                || fields.contains(Field.FIELD_VALUE)
                || (view == View.VIEW_UNSPECIFIED && fields.isEmpty());
    }

    private DataEntry entry(SignalLeaf leaf, View view, List<Field> fields) {
        boolean all = view == View.VIEW_ALL;
        boolean value = wantsValue(view, fields);
        boolean target = all || view == View.VIEW_TARGET_VALUE || fields.contains(Field.FIELD_ACTUATOR_TARGET);
        boolean metadata = all
                || view == View.VIEW_METADATA
                || fields.stream()
                        .anyMatch(field ->
                                field != Field.UNRECOGNIZED && field.getNumber() >= Field.FIELD_METADATA_VALUE);
        DataEntry.Builder entry = DataEntry.newBuilder().setPath(leaf.path());
        if (value) {
            dev.bulkhead.hal.databroker.proto.v2.Datapoint present = broker.datapoint(leaf);
            if (present.hasValue()) {
                entry.setValue(toV1(present));
            }
        }
        if (target) {
            broker.board()
                    .view(leaf.id())
                    .flatMap(view2 -> view2.lastValue())
                    .ifPresent(last -> entry.setActuatorTarget(toV1(ProtoValues.toProto(last))));
        }
        if (metadata) {
            entry.setMetadata(MetadataV1.of(leaf));
        }
        return entry.build();
    }

    /** A value of v2 has the numbers of a v1 datapoint. */
    private static Datapoint toV1(Value value) {
        try {
            return Datapoint.parseFrom(value.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the two versions of the API differ", e);
        }
    }

    private static Datapoint toV1(dev.bulkhead.hal.databroker.proto.v2.Datapoint datapoint) {
        return toV1(datapoint.getValue()).toBuilder()
                .setTimestamp(datapoint.getTimestamp())
                .build();
    }

    private static dev.bulkhead.hal.databroker.proto.v2.Datapoint toV2(Datapoint datapoint) {
        try {
            Value value = Value.parseFrom(
                    datapoint.toBuilder().clearTimestamp().build().toByteString());
            var converted = dev.bulkhead.hal.databroker.proto.v2.Datapoint.newBuilder();
            if (datapoint.hasTimestamp()) {
                converted.setTimestamp(datapoint.getTimestamp());
            }
            if (value.getTypedValueCase() != Value.TypedValueCase.TYPEDVALUE_NOT_SET) {
                converted.setValue(value);
            }
            return converted.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the two versions of the API differ", e);
        }
    }

    @Override
    public void set(SetRequest request, StreamObserver<SetResponse> client) {
        ValV2Service.answer(client, () -> {
            requireSome(request.getUpdatesCount());
            return SetResponse.newBuilder()
                    .addAllErrors(set(request.getUpdatesList()))
                    .build();
        });
    }

    private List<DataEntryError> set(List<EntryUpdate> updates) {
        List<DataEntryError> errors = new ArrayList<>();
        for (EntryUpdate update : updates) {
            try {
                set(update.getEntry(), fields(update));
            } catch (StatusRuntimeException e) {
                errors.add(entryError(update.getEntry().getPath(), e));
            }
        }
        return errors;
    }

    @Override
    public StreamObserver<StreamedUpdateRequest> streamedUpdate(StreamObserver<StreamedUpdateResponse> client) {
        return new UpdateStream(this::set, (ServerCallStreamObserver<StreamedUpdateResponse>) client);
    }

    private static Set<Field> fields(EntryUpdate update) {
        Set<Field> fields = new LinkedHashSet<>(update.getFieldsList());
        if (fields.isEmpty()) {
            fields.add(update.getEntry().hasActuatorTarget() ? Field.FIELD_ACTUATOR_TARGET : Field.FIELD_VALUE);
        }
        return fields;
    }

    private void set(DataEntry entry, Set<Field> fields) {
        SignalLeaf leaf = broker.leaf(entry.getPath());
        if (fields.contains(Field.FIELD_ACTUATOR_TARGET)) {
            Value target = toV2(entry.getActuatorTarget()).getValue();
            SignalValue value = broker.fitting(broker.actuator(leaf), target);
            broker.actuate(List.of(leaf), List.of(value));
        }
        if (fields.contains(Field.FIELD_VALUE)) {
            broker.publish(broker.providable(leaf), toV2(entry.getValue()));
        }
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> client) {
        try {
            requireSome(request.getEntriesCount());
            Set<SignalLeaf> leaves = new LinkedHashSet<>();
            for (SubscribeEntry entry : request.getEntriesList()) {
                MetadataV2.under(broker.store().tree(), entry.getPath()).stream()
                        .map(broker::readable)
                        .forEach(leaves::add);
            }
            leaves.forEach(broker::take);
            new SignalFeed<>(
                            broker,
                            (ServerCallStreamObserver<SubscribeResponse>) client,
                            news -> {
                                SubscribeResponse.Builder response = SubscribeResponse.newBuilder();
                                news.forEach((leaf, datapoint) -> response.addUpdates(notification(leaf, datapoint)));
                                return response.build();
                            },
                            executor)
                    .start(
                            List.copyOf(leaves),
                            SignalFeed.options(16, Filter.getDefaultInstance()),
                            OptionalInt.empty(),
                            scheduler,
                            clock,
                            0);
        } catch (StatusRuntimeException e) {
            client.onError(e);
        }
    }

    private static EntryUpdate notification(SignalLeaf leaf, dev.bulkhead.hal.databroker.proto.v2.Datapoint datapoint) {
        DataEntry.Builder entry = DataEntry.newBuilder().setPath(leaf.path());
        if (datapoint.hasValue()) {
            entry.setValue(toV1(datapoint));
        }
        return EntryUpdate.newBuilder()
                .setEntry(entry)
                .addFields(Field.FIELD_VALUE)
                .build();
    }

    private static DataEntryError entryError(String path, StatusRuntimeException e) {
        return DataEntryError.newBuilder().setPath(path).setError(error(e)).build();
    }

    private static Error error(StatusRuntimeException e) {
        Status status = e.getStatus();
        int code = switch (status.getCode()) {
            case NOT_FOUND -> 404;
            case PERMISSION_DENIED -> 403;
            case UNAUTHENTICATED -> 401;
            case UNAVAILABLE -> 503;
            default -> 400;
        };
        return Error.newBuilder()
                .setCode(code)
                .setReason(status.getCode().name().toLowerCase(Locale.ROOT))
                .setMessage(String.valueOf(status.getDescription()))
                .build();
    }
}
