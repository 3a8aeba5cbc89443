package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.GetValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamRequest;
import dev.bulkhead.hal.databroker.proto.v2.OpenProviderStreamResponse;
import dev.bulkhead.hal.databroker.proto.v2.ProvideActuationRequest;
import dev.bulkhead.hal.databroker.proto.v2.ProvideSignalRequest;
import dev.bulkhead.hal.databroker.proto.v2.PublishValueRequest;
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
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DatabrokerTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 1_000);
    private final ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
    private final KeyPair keys;
    private final DatabrokerServer server;
    private final ManagedChannel channel;
    private final VALGrpc.VALBlockingStub admin;

    DatabrokerTest() throws IOException, GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        TokenVerifier verifier = new TokenVerifier(List.of(keys.getPublic()), () -> NOW);
        TokenAccess access = new TokenAccess(verifier, leaf -> Optional.of(OpenAccess.everything(leaf)));
        server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), access, store, board, time, time);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                .usePlaintext()
                .build();
        admin = as("read actuate provide");
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private String token(String algorithm, String scope, long exp) {
        try {
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            String body = base64.encodeToString(("{\"alg\":\"" + algorithm + "\"}").getBytes(StandardCharsets.UTF_8))
                    + "."
                    + base64.encodeToString(("{\"sub\":\"t\",\"exp\":" + exp + ",\"scope\":\"" + scope + "\"}")
                            .getBytes(StandardCharsets.UTF_8));
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(body.getBytes(StandardCharsets.US_ASCII));
            return body + "." + base64.encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private VALGrpc.VALBlockingStub as(String scope) {
        return with(token("EdDSA", scope, NOW.getEpochSecond() + 60));
    }

    private VALGrpc.VALBlockingStub with(String token) {
        return VALGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers("Bearer " + token)));
    }

    private static Metadata headers(String authorization) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        return headers;
    }

    private static SignalID id(String path) {
        return SignalID.newBuilder().setPath(path).build();
    }

    private static GetValueRequest get(String path) {
        return GetValueRequest.newBuilder().setSignalId(id(path)).build();
    }

    private static ActuateRequest fan(Value.Builder value) {
        return ActuateRequest.newBuilder().setSignalId(id(FAN)).setValue(value).build();
    }

    private static Value.Builder uint32(int value) {
        return Value.newBuilder().setUint32(value);
    }

    private static Status.Code code(Runnable call) {
        return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
    }

    private int leaf(String path) {
        return store.tree().find(path).orElseThrow().id();
    }

    @Test
    void readsAValueWithItsTime() {
        assertFalse(admin.getValue(get(SPEED)).getDataPoint().hasValue());
        store.publish(leaf(SPEED), 50.5, time.nanos());
        time.advanceMillis(1_500);
        Datapoint datapoint = admin.getValue(get(SPEED)).getDataPoint();
        assertEquals(50.5f, datapoint.getValue().getFloat());
        long sampledMillis = datapoint.getTimestamp().getSeconds() * 1_000
                + datapoint.getTimestamp().getNanos() / 1_000_000;
        assertEquals(time.unixMillis() - 1_500, sampledMillis);
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertEquals(Status.Code.NOT_FOUND, code(() -> admin.getValue(get("Vehicle.Nothing"))));
        assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> admin.getValue(GetValueRequest.getDefaultInstance())));
        assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> admin.getValue(get("x".repeat(1_001)))));
        assertEquals(Status.Code.INVALID_ARGUMENT, code(() -> admin.getValues(GetValuesRequest.getDefaultInstance())));
        assertEquals(
                Status.Code.NOT_FOUND,
                code(() -> admin.getValue(GetValueRequest.newBuilder()
                        .setSignalId(SignalID.newBuilder().setId(-1))
                        .build())));
    }

    @Test
    void tokensThatAreNotOursOpenNothing() {
        long soon = NOW.getEpochSecond() + 60;
        for (String token : List.of(
                "garbage",
                "a.b.c",
                token("EdDSA", "read", NOW.getEpochSecond() - 1),
                token("EdDSA", "read", 0),
                token("none", "read", soon),
                token("HS256", "read", soon),
                token("RS256", "read", soon),
                token("EdDSA", "read", soon) + "AAAA",
                "x".repeat(20_000))) {
            assertEquals(Status.Code.UNAUTHENTICATED, code(() -> with(token).getValue(get(SPEED))), token);
        }
        assertEquals(
                Status.Code.UNAUTHENTICATED,
                code(() -> VALGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers("")))
                        .getValue(get(SPEED))));
    }

    @Test
    void scopesReachAsFarAsTheySay() {
        VALGrpc.VALBlockingStub cabin = as("read:Vehicle.Cabin actuate:" + FAN + " nonsense:x read:[");
        cabin.getValue(get(FAN));
        assertEquals(Status.Code.PERMISSION_DENIED, code(() -> cabin.getValue(get(SPEED))));
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                code(() -> cabin.publishValue(PublishValueRequest.newBuilder()
                        .setSignalId(id(FAN))
                        .setDataPoint(Datapoint.newBuilder().setValue(uint32(1)))
                        .build())));
        assertEquals(Status.Code.PERMISSION_DENIED, code(() -> as("read").actuate(fan(uint32(1)))));
        int seen = cabin.listMetadata(
                        ListMetadataRequest.newBuilder().setRoot("Vehicle").build())
                .getMetadataCount();
        assertTrue(seen > 10 && seen < store.tree().size());
    }

    @Test
    void listsWhatThereIs() {
        var leaf = admin.listMetadata(
                        ListMetadataRequest.newBuilder().setRoot(FAN).build())
                .getMetadata(0);
        assertEquals(100, leaf.getMax().getUint32());
        assertEquals("percent", leaf.getUnit());
        assertEquals(
                4,
                admin.listMetadata(ListMetadataRequest.newBuilder()
                                .setRoot("Vehicle.Chassis.Axle.*.Wheel.*.Speed")
                                .build())
                        .getMetadataCount());
        assertEquals(
                Status.Code.NOT_FOUND,
                code(() -> admin.listMetadata(
                        ListMetadataRequest.newBuilder().setRoot("Boat").build())));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(() -> admin.listMetadata(
                        ListMetadataRequest.newBuilder().setRoot("Vehicle..").build())));
    }

    @Test
    void publishingChecksTypeAndRange() {
        PublishValueRequest.Builder request = PublishValueRequest.newBuilder().setSignalId(id(FAN));
        admin.publishValue(request.setDataPoint(Datapoint.newBuilder().setValue(uint32(40)))
                .build());
        assertEquals(40, store.cell(FAN).orElseThrow().asLong());
        for (Value.Builder wrong : List.of(
                uint32(101),
                uint32(-1),
                Value.newBuilder().setInt32(1),
                Value.newBuilder().setString("1"),
                Value.newBuilder())) {
            assertEquals(
                    Status.Code.INVALID_ARGUMENT,
                    code(() -> admin.publishValue(
                            request.setDataPoint(Datapoint.newBuilder().setValue(wrong))
                                    .build())),
                    wrong::toString);
        }
    }

    @Test
    void subscribersGetThePresentAtOnceAndThenTheNews() {
        store.publish(leaf(SPEED), 1.0, time.nanos());
        Iterator<SubscribeResponse> news = admin.subscribe(SubscribeRequest.newBuilder()
                .addSignalPaths(SPEED)
                .addSignalPaths(FAN)
                .setBufferSize(10)
                .build());
        SubscribeResponse first = news.next();
        assertEquals(1f, first.getEntriesOrThrow(SPEED).getValue().getFloat());
        assertFalse(first.getEntriesOrThrow(FAN).hasValue());
        store.publish(leaf(SPEED), 2.0, time.nanos());
        SubscribeResponse second = news.next();
        assertEquals(1, second.getEntriesCount());
        assertEquals(2f, second.getEntriesOrThrow(SPEED).getValue().getFloat());
    }

    @Test
    void aSubscriptionEndsWhenItsTimeIsOver() {
        Iterator<SubscribeResponse> news = admin.subscribe(SubscribeRequest.newBuilder()
                .addSignalPaths(SPEED)
                .setFilter(Filter.newBuilder()
                        .setDurationMs(100)
                        .setMinSampleInterval(SampleInterval.newBuilder().setIntervalMs(10)))
                .build());
        news.next();
        time.advanceMillis(200);
        assertFalse(news.hasNext());
        assertEquals(0, store.subscriptionCount());
    }

    @Test
    void subscriptionsAreBounded() {
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(() -> admin.subscribe(SubscribeRequest.newBuilder()
                                .addSignalPaths(SPEED)
                                .setBufferSize(1_001)
                                .build())
                        .next()));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(() ->
                        admin.subscribe(SubscribeRequest.getDefaultInstance()).next()));
    }

    @Test
    void actuationWithoutAProviderIsUnavailable() {
        assertEquals(Status.Code.UNAVAILABLE, code(() -> admin.actuate(fan(uint32(10)))));
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(() -> admin.actuate(ActuateRequest.newBuilder()
                        .setSignalId(id(SPEED))
                        .setValue(Value.newBuilder().setFloat(1))
                        .build())));
    }

    /** A provider that keeps what it is sent. */
    private static final class Provider implements StreamObserver<OpenProviderStreamResponse> {
        private final BlockingQueue<OpenProviderStreamResponse> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<Status.Code> end = new LinkedBlockingQueue<>();

        @Override
        public void onNext(OpenProviderStreamResponse response) {
            heard.add(response);
        }

        @Override
        public void onError(Throwable problem) {
            end.add(Status.fromThrowable(problem).getCode());
        }

        @Override
        public void onCompleted() {
            end.add(Status.Code.OK);
        }

        private OpenProviderStreamResponse next() throws InterruptedException {
            OpenProviderStreamResponse response = heard.poll(15, TimeUnit.SECONDS);
            assertTrue(response != null, "nothing heard");
            return response == null ? OpenProviderStreamResponse.getDefaultInstance() : response;
        }
    }

    private StreamObserver<OpenProviderStreamRequest> open(Provider provider) {
        return VALGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(
                        headers("bearer " + token("EdDSA", "provide", NOW.getEpochSecond() + 60))))
                .openProviderStream(provider);
    }

    private static OpenProviderStreamRequest provideFan() {
        return OpenProviderStreamRequest.newBuilder()
                .setProvideActuationRequest(ProvideActuationRequest.newBuilder().addActuatorIdentifiers(id(FAN)))
                .build();
    }

    @Test
    void aProviderCarriesOutWhatClientsAskFor() throws InterruptedException {
        Provider provider = new Provider();
        StreamObserver<OpenProviderStreamRequest> stream = open(provider);
        stream.onNext(provideFan());
        assertTrue(provider.next().hasProvideActuationResponse());
        admin.actuate(fan(uint32(30)));
        ActuateRequest asked = provider.next().getBatchActuateStreamRequest().getActuateRequests(0);
        assertEquals(30, asked.getValue().getUint32());
        assertEquals(
                "databroker:t#0",
                board.view(leaf(FAN)).orElseThrow().owner().orElseThrow().toString());
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                code(() -> admin.batchActuate(BatchActuateRequest.newBuilder()
                        .addActuateRequests(fan(uint32(20)))
                        .addActuateRequests(fan(uint32(200)))
                        .build())));
        assertTrue(provider.heard.isEmpty());
        stream.onCompleted();
        assertEquals(Status.Code.OK, provider.end.poll(15, TimeUnit.SECONDS));
        assertEquals(Status.Code.UNAVAILABLE, code(() -> admin.actuate(fan(uint32(10)))));
    }

    @Test
    void whatOneProviderHasAnotherCannotTake() throws InterruptedException {
        Provider first = new Provider();
        open(first).onNext(provideFan());
        first.next();
        Provider second = new Provider();
        open(second).onNext(provideFan());
        assertEquals(Status.Code.ALREADY_EXISTS, second.end.poll(15, TimeUnit.SECONDS));
    }

    @Test
    void aProviderPublishesOnlyWhatItHasClaimed() throws InterruptedException {
        Provider provider = new Provider();
        StreamObserver<OpenProviderStreamRequest> stream = open(provider);
        stream.onNext(OpenProviderStreamRequest.newBuilder()
                .setProvideSignalRequest(ProvideSignalRequest.newBuilder()
                        .putSignalsSampleIntervals(leaf(SPEED), SampleInterval.getDefaultInstance()))
                .build());
        assertTrue(provider.next().hasProvideSignalResponse());
        stream.onNext(publish(leaf(SPEED), Value.newBuilder().setString("fast")));
        assertEquals(7, provider.next().getPublishValuesResponse().getRequestId());
        stream.onNext(publish(leaf(SPEED), Value.newBuilder().setFloat(42)));
        stream.onNext(publish(leaf(FAN), uint32(1)));
        assertEquals(Status.Code.ABORTED, provider.end.poll(15, TimeUnit.SECONDS));
        assertEquals(42, store.cell(SPEED).orElseThrow().asDouble());
    }

    private static OpenProviderStreamRequest publish(int leaf, Value.Builder value) {
        return OpenProviderStreamRequest.newBuilder()
                .setPublishValuesRequest(PublishValuesRequest.newBuilder()
                        .setRequestId(7)
                        .putDataPoints(
                                leaf, Datapoint.newBuilder().setValue(value).build()))
                .build();
    }

    @Test
    void theOlderApiStillAnswers() {
        var old = dev.bulkhead.hal.databroker.proto.v1.VALGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(
                        headers("Bearer " + token("EdDSA", "read provide", NOW.getEpochSecond() + 60))));
        var entry = dev.bulkhead.hal.databroker.proto.v1.DataEntry.newBuilder()
                .setPath(SPEED)
                .setValue(dev.bulkhead.hal.databroker.proto.v1.Datapoint.newBuilder()
                        .setFloat(12));
        var set = old.set(dev.bulkhead.hal.databroker.proto.v1.SetRequest.newBuilder()
                .addUpdates(dev.bulkhead.hal.databroker.proto.v1.EntryUpdate.newBuilder()
                        .setEntry(entry))
                .build());
        assertEquals(0, set.getErrorsCount());
        var got = old.get(dev.bulkhead.hal.databroker.proto.v1.GetRequest.newBuilder()
                .addEntries(dev.bulkhead.hal.databroker.proto.v1.EntryRequest.newBuilder()
                        .setPath(SPEED))
                .addEntries(dev.bulkhead.hal.databroker.proto.v1.EntryRequest.newBuilder()
                        .setPath("Boat"))
                .build());
        assertEquals(12f, got.getEntries(0).getValue().getFloat());
        assertEquals(404, got.getErrors(0).getError().getCode());
        assertEquals(
                "bulkhead",
                old.getServerInfo(dev.bulkhead.hal.databroker.proto.v1.GetServerInfoRequest.getDefaultInstance())
                        .getName());
    }
}
