package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.databroker.proto.v1.DataEntryError;
import dev.bulkhead.hal.databroker.proto.v1.EntryUpdate;
import dev.bulkhead.hal.databroker.proto.v1.StreamedUpdateRequest;
import dev.bulkhead.hal.databroker.proto.v1.StreamedUpdateResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** {@code StreamedUpdate} of the older API: each request is answered. A client that does not read its answers is not read from either. */
final class UpdateStream implements StreamObserver<StreamedUpdateRequest> {
    private final Function<List<EntryUpdate>, List<DataEntryError>> set;
    private final ServerCallStreamObserver<StreamedUpdateResponse> client;
    private final AtomicBoolean readOwed = new AtomicBoolean();
    private boolean ended;

    UpdateStream(
            Function<List<EntryUpdate>, List<DataEntryError>> set,
            ServerCallStreamObserver<StreamedUpdateResponse> client) {
        this.set = set;
        this.client = client;
        client.disableAutoRequest();
        client.setOnReadyHandler(this::readOn);
        client.request(1);
    }

    private void readOn() {
        if (readOwed.getAndSet(false)) {
            client.request(1);
        }
    }

    @Override
    public void onNext(StreamedUpdateRequest request) {
        if (ended) {
            return;
        }
        if (request.getUpdatesCount() > ValV1Service.MAX_ENTRIES) {
            ended = true;
            client.onError(Broker.error(
                    Status.INVALID_ARGUMENT, "an update has at most " + ValV1Service.MAX_ENTRIES + " entries"));
            return;
        }
        client.onNext(StreamedUpdateResponse.newBuilder()
                .addAllErrors(set.apply(request.getUpdatesList()))
                .build());
        readOwed.set(true);
        if (client.isReady()) {
            readOn();
        }
    }

    @Override
    public void onError(Throwable problem) {
        ended = true;
    }

    @Override
    public void onCompleted() {
        if (!ended) {
            client.onCompleted();
        }
    }
}
