package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.databroker.proto.v1.DataEntry;
import dev.bulkhead.hal.databroker.proto.v1.EntryUpdate;
import dev.bulkhead.hal.databroker.proto.v1.Field;
import dev.bulkhead.hal.databroker.proto.v1.SetRequest;
import dev.bulkhead.hal.databroker.proto.v1.StreamedUpdateRequest;
import dev.bulkhead.hal.databroker.proto.v1.StreamedUpdateResponse;
import dev.bulkhead.hal.databroker.proto.v1.SubscribeEntry;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.ActuateResponse;
import dev.bulkhead.hal.databroker.proto.v2.BatchActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.GetValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeByIdRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeByIdResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.ManualTime;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of both versions of the API that tools use less. */
@Timeout(60)
class EveryCallTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen";

    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 1_000);
    private final ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final DatabrokerServer server;
    private final ManagedChannel channel;

    EveryCallTest() throws IOException {
        ActuatorSink sink = new ActuatorSink() {
            @Override
            public boolean ready(SignalLeaf actuator) {
                return true;
            }

            @Override
            public boolean apply(SignalLeaf actuator, SignalValue value) {
                return done.add(actuator.path().substring(actuator.path().lastIndexOf('.') + 1) + "=" + value);
            }

            @Override
            public void release(SignalLeaf actuator) {}
        };
        board.attach(leaf(FAN), sink);
        board.attach(leaf(TRUNK), sink);
        server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new OpenAccess(), store, board, time, time);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private SignalLeaf leaf(String path) {
        return store.tree().find(path).orElseThrow();
    }

    private static SignalID id(String path) {
        return SignalID.newBuilder().setPath(path).build();
    }

    private static ActuateRequest fan(int percent) {
        return ActuateRequest.newBuilder()
                .setSignalId(id(FAN))
                .setValue(Value.newBuilder().setUint32(percent))
                .build();
    }

    @Test
    void manyValuesAreAnsweredInTheOrderAskedByPathOrNumber() {
        store.publish(leaf(SPEED).id(), 12.0, time.nanos());
        store.publish(leaf(FAN).id(), 30L, time.nanos());
        List<Datapoint> values = VALGrpc.newBlockingStub(channel)
                .getValues(GetValuesRequest.newBuilder()
                        .addSignalIds(id(FAN))
                        .addSignalIds(SignalID.newBuilder().setId(leaf(SPEED).id()))
                        .build())
                .getDataPointsList();
        assertEquals(30, values.get(0).getValue().getUint32());
        assertEquals(12f, values.get(1).getValue().getFloat());
    }

    @Test
    void aSubscriptionByNumbersIsAnsweredByNumbers() {
        int speed = leaf(SPEED).id();
        Iterator<SubscribeByIdResponse> news = VALGrpc.newBlockingStub(channel)
                .subscribeById(SubscribeByIdRequest.newBuilder()
                        .addSignalIds(speed)
                        .setBufferSize(4)
                        .build());
        assertFalse(news.next().getEntriesOrThrow(speed).hasValue());
        store.publish(speed, 7.0, time.nanos());
        assertEquals(7f, news.next().getEntriesOrThrow(speed).getValue().getFloat());
    }

    @Test
    void aBatchMovesAllOfItsActuators() {
        VALGrpc.newBlockingStub(channel)
                .batchActuate(BatchActuateRequest.newBuilder()
                        .addActuateRequests(fan(20))
                        .addActuateRequests(ActuateRequest.newBuilder()
                                .setSignalId(id(TRUNK))
                                .setValue(Value.newBuilder().setBool(true)))
                        .build());
        assertEquals(List.of("FanSpeed=20", "IsOpen=true"), done);
    }

    @Test
    void aStreamOfCommandsIsCarriedOutUntilOneIsRefused() throws InterruptedException {
        Heard<ActuateResponse> whole = new Heard<>();
        StreamObserver<ActuateRequest> good = VALGrpc.newStub(channel).actuateStream(whole);
        good.onNext(fan(10));
        good.onNext(fan(20));
        good.onCompleted();
        assertEquals(Status.Code.OK, whole.end());
        Heard<ActuateResponse> broken = new Heard<>();
        StreamObserver<ActuateRequest> bad = VALGrpc.newStub(channel).actuateStream(broken);
        bad.onNext(fan(30));
        bad.onNext(fan(101));
        bad.onNext(fan(40));
        assertEquals(Status.Code.INVALID_ARGUMENT, broken.end());
        assertEquals(List.of("FanSpeed=10", "FanSpeed=20", "FanSpeed=30"), done);
    }

    private static EntryUpdate target(int percent) {
        return EntryUpdate.newBuilder()
                .setEntry(DataEntry.newBuilder()
                        .setPath(FAN)
                        .setActuatorTarget(dev.bulkhead.hal.databroker.proto.v1.Datapoint.newBuilder()
                                .setUint32(percent)))
                .addFields(Field.FIELD_ACTUATOR_TARGET)
                .build();
    }

    @Test
    void theOlderApiCommandsByTheTargetOfAnEntry() {
        var old = dev.bulkhead.hal.databroker.proto.v1.VALGrpc.newBlockingStub(channel);
        var answer = old.set(SetRequest.newBuilder()
                .addUpdates(target(50))
                .addUpdates(target(101))
                .build());
        assertEquals(List.of("FanSpeed=50"), done);
        assertEquals(1, answer.getErrorsCount());
        assertEquals(400, answer.getErrors(0).getError().getCode());
    }

    @Test
    void theOlderApiUpdatesOnAStreamThatARefusalDoesNotEnd() throws InterruptedException {
        Heard<StreamedUpdateResponse> answers = new Heard<>();
        StreamObserver<StreamedUpdateRequest> stream =
                dev.bulkhead.hal.databroker.proto.v1.VALGrpc.newStub(channel).streamedUpdate(answers);
        stream.onNext(StreamedUpdateRequest.newBuilder().addUpdates(target(101)).build());
        assertEquals(400, answers.next().getErrors(0).getError().getCode());
        stream.onNext(StreamedUpdateRequest.newBuilder().addUpdates(target(60)).build());
        assertEquals(0, answers.next().getErrorsCount());
        assertEquals(List.of("FanSpeed=60"), done);
        stream.onCompleted();
        assertEquals(Status.Code.OK, answers.end());
    }

    @Test
    void theOlderApiSubscribesToAWholeBranch() {
        var news = dev.bulkhead.hal.databroker.proto.v1.VALGrpc.newBlockingStub(channel)
                .subscribe(dev.bulkhead.hal.databroker.proto.v1.SubscribeRequest.newBuilder()
                        .addEntries(SubscribeEntry.newBuilder().setPath("Vehicle.Cabin.HVAC"))
                        .build());
        int all = news.next().getUpdatesCount();
        assertEquals(
                store.tree()
                        .matching(path -> path.startsWith("Vehicle.Cabin.HVAC."))
                        .size(),
                all);
        store.publish(leaf(FAN).id(), 5L, time.nanos());
        EntryUpdate update = news.next().getUpdates(0);
        assertEquals(FAN, update.getEntry().getPath());
        assertEquals(5, update.getEntry().getValue().getUint32());
    }
}
