package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.GetProviderValueResponse;
import dev.bulkhead.hal.databroker.proto.v2.GetValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideSignalRequest;
import dev.bulkhead.hal.databroker.proto.v2.ProviderError;
import dev.bulkhead.hal.databroker.proto.v2.ProviderErrorIndication;
import dev.bulkhead.hal.databroker.proto.v2.PublishValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.SampleInterval;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProviderStreamTest {
    private static final String SPEED = "Vehicle.Speed";

    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10_000);
    private final ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
    private final int speed = store.tree().find(SPEED).orElseThrow().id();
    private final DatabrokerServer server;
    private final ManagedChannel channel;
    private final VALGrpc.VALStub client;
    private final Heard<OpenProviderStreamResponse> heard = new Heard<>();

    ProviderStreamTest() throws IOException {
        server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new OpenAccess(), store, board, time, time);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                .usePlaintext()
                .flowControlWindow(65_536)
                .build();
        client = VALGrpc.newStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private StreamObserver<OpenProviderStreamRequest> provideSpeed(int intervalMillis) throws InterruptedException {
        StreamObserver<OpenProviderStreamRequest> stream = client.openProviderStream(heard);
        stream.onNext(OpenProviderStreamRequest.newBuilder()
                .setProvideSignalRequest(ProvideSignalRequest.newBuilder()
                        .putSignalsSampleIntervals(
                                speed,
                                SampleInterval.newBuilder()
                                        .setIntervalMs(intervalMillis)
                                        .build()))
                .build());
        assertTrue(heard.next().hasProvideSignalResponse());
        return stream;
    }

    private Context.CancellableContext subscribe(Filter.Builder filter) throws InterruptedException {
        Context.CancellableContext call = Context.current().withCancellation();
        Heard<SubscribeResponse> news = new Heard<>();
        call.run(() -> client.subscribe(
                SubscribeRequest.newBuilder()
                        .addSignalPaths(SPEED)
                        .setFilter(filter)
                        .build(),
                news));
        news.next();
        return call;
    }

    private static Filter.Builder every(int millis) {
        return Filter.newBuilder()
                .setMinSampleInterval(SampleInterval.newBuilder().setIntervalMs(millis));
    }

    private Filter nextFilter() throws InterruptedException {
        OpenProviderStreamResponse response = heard.next();
        assertTrue(response.hasUpdateFilterRequest(), response::toString);
        return response.getUpdateFilterRequest().getFiltersUpdateOrThrow(speed);
    }

    private CompletableFuture<Datapoint> get() {
        CompletableFuture<Datapoint> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> answer.complete(VALGrpc.newBlockingStub(channel)
                        .getValue(GetValueRequest.newBuilder()
                                .setSignalId(SignalID.newBuilder().setPath(SPEED))
                                .build())
                        .getDataPoint()));
        return answer;
    }

    private static Datapoint kmh(float value) {
        return Datapoint.newBuilder()
                .setValue(Value.newBuilder().setFloat(value))
                .build();
    }

    private static OpenProviderStreamRequest answer(int request, Map<Integer, Datapoint> values) {
        return OpenProviderStreamRequest.newBuilder()
                .setGetProviderValueResponse(GetProviderValueResponse.newBuilder()
                        .setRequestId(request)
                        .putAllEntries(values))
                .build();
    }

    @Test
    void aProviderIsToldHowOftenSubscribersWantItsSignals() throws InterruptedException {
        provideSpeed(50);
        Context.CancellableContext slow = subscribe(every(100));
        assertEquals(100, nextFilter().getMinSampleInterval().getIntervalMs());
        Context.CancellableContext fast = subscribe(every(20));
        assertEquals(20, nextFilter().getMinSampleInterval().getIntervalMs());
        fast.cancel(null);
        assertEquals(100, nextFilter().getMinSampleInterval().getIntervalMs());
        Context.CancellableContext any = subscribe(Filter.newBuilder());
        assertEquals(50, nextFilter().getMinSampleInterval().getIntervalMs(), "as offered");
        any.cancel(null);
        assertEquals(100, nextFilter().getMinSampleInterval().getIntervalMs());
        slow.cancel(null);
        assertFalse(nextFilter().hasMinSampleInterval(), "nobody listens any more");
    }

    @Test
    void aProviderThatComesLaterIsToldWhatIsWanted() throws InterruptedException {
        subscribe(every(30));
        provideSpeed(10);
        assertEquals(30, nextFilter().getMinSampleInterval().getIntervalMs());
    }

    @Test
    void readersAreAnsweredByTheProviderWhenTheValueIsOlderThanPromised() throws Exception {
        StreamObserver<OpenProviderStreamRequest> provider = provideSpeed(100);
        CompletableFuture<Datapoint> first = get();
        var question = heard.next().getGetProviderValueRequest();
        assertEquals(speed, question.getSignalIds(0));
        provider.onNext(answer(question.getRequestId(), Map.of(speed, kmh(31))));
        assertEquals(31f, first.get(30, TimeUnit.SECONDS).getValue().getFloat());
        assertEquals(31f, get().get(30, TimeUnit.SECONDS).getValue().getFloat(), "young enough");
        assertTrue(heard.isEmpty(), "asked though the value was young");
    }

    @Test
    void aProviderThatDoesNotAnswerIsAskedOnceAndDelaysNobodyAfterwards() throws Exception {
        StreamObserver<OpenProviderStreamRequest> provider = provideSpeed(0);
        store.publish(speed, 7.0, time.nanos());
        time.advanceMillis(10);
        assertEquals(7f, get().get(30, TimeUnit.SECONDS).getValue().getFloat());
        int request = heard.next().getGetProviderValueRequest().getRequestId();
        assertEquals(7f, get().get(30, TimeUnit.SECONDS).getValue().getFloat());
        assertTrue(heard.isEmpty(), "asked again");
        provider.onNext(answer(request, Map.of(speed, kmh(9))));
        while (store.cell(speed).asDouble() != 9) {
            Thread.sleep(5);
        }
        time.advanceMillis(10);
        CompletableFuture<Datapoint> again = get();
        provider.onNext(answer(heard.next().getGetProviderValueRequest().getRequestId(), Map.of(speed, kmh(11))));
        assertEquals(11f, again.get(30, TimeUnit.SECONDS).getValue().getFloat());
    }

    @Test
    void anAnswerWithSignalsOfOthersEndsTheStream() throws InterruptedException {
        StreamObserver<OpenProviderStreamRequest> provider = provideSpeed(0);
        int other = store.tree().find("Vehicle.IsMoving").orElseThrow().id();
        provider.onNext(answer(1, Map.of(other, kmh(1))));
        assertEquals(Status.Code.ABORTED, heard.end());
    }

    @Test
    void aProviderInTroubleTakesItsValuesBack() throws InterruptedException {
        StreamObserver<OpenProviderStreamRequest> provider = provideSpeed(0);
        store.publish(speed, 7.0, time.nanos());
        provider.onNext(OpenProviderStreamRequest.newBuilder()
                .setProviderErrorIndication(
                        ProviderErrorIndication.newBuilder().setProviderError(ProviderError.CODE_NETWORK_ERROR))
                .build());
        while (store.cell(speed).value().isPresent()) {
            Thread.sleep(5);
        }
    }

    @Test
    void aProviderThatNeverReadsIsNotReadFromEither() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<ClientCallStreamObserver<OpenProviderStreamRequest>> opened = new CompletableFuture<>();
        var deaf = new ClientResponseObserver<OpenProviderStreamRequest, OpenProviderStreamResponse>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<OpenProviderStreamRequest> call) {
                opened.complete(call);
                call.disableAutoRequestWithInitial(1);
            }

            @Override
            public void onNext(OpenProviderStreamResponse response) {
                begun.countDown();
            }

            @Override
            public void onError(Throwable problem) {}

            @Override
            public void onCompleted() {}
        };
        client.openProviderStream(deaf);
        ClientCallStreamObserver<OpenProviderStreamRequest> stream = opened.resultNow();
        stream.onNext(OpenProviderStreamRequest.newBuilder()
                .setProvideSignalRequest(ProvideSignalRequest.newBuilder()
                        .putSignalsSampleIntervals(speed, SampleInterval.getDefaultInstance()))
                .build());
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        OpenProviderStreamRequest wrong = OpenProviderStreamRequest.newBuilder()
                .setPublishValuesRequest(PublishValuesRequest.newBuilder()
                        .putDataPoints(
                                speed,
                                Datapoint.newBuilder()
                                        .setValue(Value.newBuilder().setString("x".repeat(1_000)))
                                        .build()))
                .build();
        int sent = 0;
        for (int patience = 0; patience < 100 && sent < 100_000; patience++) {
            while (stream.isReady() && sent < 100_000) {
                stream.onNext(wrong);
                sent++;
                patience = 0;
            }
            Thread.sleep(10);
        }
        assertTrue(sent < 100_000, "the server read everything while nobody read its answers");
        stream.cancel("enough", null);
    }
}
