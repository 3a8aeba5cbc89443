package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideSignalRequest;
import dev.bulkhead.hal.databroker.proto.v2.PublishValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.SampleInterval;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream lives no longer than the rights that opened it. */
@Timeout(120)
class StreamRightsTest {
    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
    private final int speed = store.tree().find("Vehicle.Speed").orElseThrow().id();
    private volatile boolean valid = true;
    private volatile boolean readable = true;
    private final DatabrokerServer server;
    private final ManagedChannel channel;

    private final class Fickle implements BrokerCaller {
        @Override
        public String name() {
            return "fickle";
        }

        @Override
        public boolean valid() {
            return valid;
        }

        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return readable;
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return Optional.empty();
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return true;
        }
    }

    StreamRightsTest() throws IOException {
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                token -> Optional.of(new Fickle()),
                store,
                board,
                time,
                time);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private Heard<SubscribeResponse> subscribed() throws InterruptedException {
        Heard<SubscribeResponse> feed = new Heard<>();
        VALGrpc.newStub(channel)
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .addSignalPaths("Vehicle.Speed")
                                .build(),
                        feed);
        feed.next();
        store.publish(speed, 1.0, time.nanos());
        feed.next();
        return feed;
    }

    @Test
    void aTokenThatExpiresEndsTheSubscriptionBeforeTheNextValue() throws InterruptedException {
        Heard<SubscribeResponse> feed = subscribed();
        valid = false;
        store.publish(speed, 2.0, time.nanos());
        assertEquals(Status.Code.UNAUTHENTICATED, feed.end());
        assertTrue(feed.isEmpty(), "the value came all the same");
        assertEquals(0, store.subscriptionCount());
    }

    @Test
    void aSignalThatPolicyTakesBackEndsTheSubscriptionBeforeTheNextValue() throws InterruptedException {
        Heard<SubscribeResponse> feed = subscribed();
        readable = false;
        store.publish(speed, 2.0, time.nanos());
        assertEquals(Status.Code.PERMISSION_DENIED, feed.end());
        assertTrue(feed.isEmpty(), "the value came all the same");
    }

    @Test
    void aTokenThatExpiresEndsTheProvider() throws InterruptedException {
        Heard<OpenProviderStreamResponse> heard = new Heard<>();
        StreamObserver<OpenProviderStreamRequest> provider =
                VALGrpc.newStub(channel).openProviderStream(heard);
        provider.onNext(OpenProviderStreamRequest.newBuilder()
                .setProvideSignalRequest(ProvideSignalRequest.newBuilder()
                        .putSignalsSampleIntervals(speed, SampleInterval.getDefaultInstance()))
                .build());
        heard.next();
        valid = false;
        provider.onNext(OpenProviderStreamRequest.newBuilder()
                .setPublishValuesRequest(PublishValuesRequest.newBuilder()
                        .putDataPoints(
                                speed,
                                Datapoint.newBuilder()
                                        .setValue(Value.newBuilder().setFloat(9))
                                        .build()))
                .build());
        assertEquals(Status.Code.UNAUTHENTICATED, heard.end());
        assertTrue(Double.isNaN(store.cell(speed).asDouble()));
    }
}
