package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.hal.databroker.ProtoValues;
import dev.bulkhead.hal.databroker.WireTime;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the peer says of the signals taken from it. What does not fit our leaf is counted and left out. */
final class PeerFeed implements StreamObserver<SubscribeResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(PeerFeed.class);

    private final Map<String, SignalLeaf> leaves;
    private final DriverContext context;
    private final CompletableFuture<String> broken;
    private final AtomicLong unfit;

    /**
     * @param leaves ours, by path
     * @param broken told why when the feed ends
     * @param unfit counts values that do not fit
     */
    PeerFeed(
            Map<String, SignalLeaf> leaves, DriverContext context, CompletableFuture<String> broken, AtomicLong unfit) {
        this.leaves = Map.copyOf(leaves);
        this.context = context;
        this.broken = broken;
        this.unfit = unfit;
    }

    @Override
    public void onNext(SubscribeResponse news) {
        news.getEntriesMap().forEach((path, datapoint) -> {
            SignalLeaf leaf = leaves.get(path);
            if (leaf != null && !broken.isDone()) {
                publish(leaf, datapoint);
            }
        });
    }

    private void publish(SignalLeaf leaf, Datapoint datapoint) {
        SignalStore store = context.signals();
        if (!datapoint.hasValue()) {
            store.withdraw(leaf.id());
            return;
        }
        Optional<SignalValue> value = ProtoValues.fromProto(datapoint.getValue(), leaf.type())
                .filter(read -> leaf.fit(read) == SignalLeaf.Fit.FITS);
        if (value.isPresent()) {
            store.publish(leaf.id(), value.get(), WireTime.sampled(datapoint, context.clock()));
        } else if (unfit.getAndIncrement() == 0) {
            LOG.warn("databroker sends what does not fit {}; the first of more that are left out", leaf.path());
        }
    }

    @Override
    public void onError(Throwable problem) {
        broken.complete("subscription ended: " + Status.fromThrowable(problem));
    }

    @Override
    public void onCompleted() {
        broken.complete("the databroker ended the subscription");
    }
}
