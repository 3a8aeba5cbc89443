package dev.bulkhead.agent.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v1.EntryRequest;
import dev.bulkhead.hal.databroker.proto.v1.GetRequest;
import dev.bulkhead.hal.databroker.proto.v1.GetResponse;
import dev.bulkhead.hal.databroker.proto.v1.View;
import dev.bulkhead.hal.databroker.proto.v2.GetValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A policy's rate of reads holds for tools at the databroker's door as it does for apps. */
@Timeout(120)
class ReadRateTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final String MOVING = "Vehicle.IsMoving";
    private final HandTime time = new HandTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 1_000);
    private final List<AuditEntry> log = new CopyOnWriteArrayList<>();
    private final PolicyInForce policy = new PolicyInForce(decider(1, 2));
    private ToolDoors doors;
    private ManagedChannel channel;
    private VALGrpc.VALBlockingStub stub;

    private static PolicyDecider decider(int epoch, int hertz) {
        return new PolicyDecider(VehiclePolicy.parse("""
            [policy]
            name = "slow readers"
            epoch = %d
            developer-mode = false

            [[vendor]]
            name = "databroker"
            prefix = "tool.databroker"
            ceiling = ["signal Vehicle.** read"]

            [[rule]]
            name = "twice a second"
            app = "tool.databroker.*"
            lines = ["signal Vehicle.Speed read rate<=%dHz", "signal Vehicle.IsMoving read"]
            """.formatted(epoch, hertz), "slow.toml"), ActuatorFrames.none());
    }

    @BeforeEach
    void open() {
        ActuatorBoard board = new ActuatorBoard(store, time, time, event -> {});
        ToolParts parts = new ToolParts(
                policy,
                entry -> {
                    log.add(entry);
                    return log.size() - 1L;
                },
                store,
                board,
                name -> Optional.empty(),
                List::of,
                time,
                time);
        doors = ToolDoors.open(new ToolPorts(Optional.empty(), Optional.of(0), new Visitors.Readers()), parts);
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", doors.databrokerPort().orElseThrow())
                .usePlaintext()
                .build();
        stub = VALGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
        publish(50);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        doors.close();
    }

    private void publish(double speed) {
        store.publish(store.tree().find(SPEED).orElseThrow().id(), speed, time.nanos());
    }

    private static SignalID signal(String path) {
        return SignalID.newBuilder().setPath(path).build();
    }

    private void get(String path) {
        var _ = stub.getValue(
                GetValueRequest.newBuilder().setSignalId(signal(path)).build());
    }

    private static void tooOften(Executable call) {
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode(), refused.toString());
        assertTrue(String.valueOf(refused.getMessage()).contains(SPEED), refused.toString());
    }

    @Test
    void readsAboveTheRateAreRefusedRecordedAndPossibleAgainInTime() {
        get(SPEED);
        get(SPEED);
        tooOften(() -> get(SPEED));
        for (int i = 0; i < 10; i++) {
            get(MOVING);
        }
        time.advanceMillis(500);
        get(SPEED);
        tooOften(() -> get(SPEED));
        doors.close();
        assertTrue(
                log.stream()
                        .anyMatch(entry -> entry.hasDenied() && entry.toString().contains("rate")),
                log.toString());
    }

    @Test
    void allWaysToReadTakeFromOneAllowanceAndMetadataFromNone() {
        get(SPEED);
        var v1 = dev.bulkhead.hal.databroker.proto.v1.VALGrpc.newBlockingStub(channel);
        assertFalse(v1.get(old(View.VIEW_CURRENT_VALUE)).hasError());
        tooOften(() -> get(SPEED));
        tooOften(() -> stub.getValues(GetValuesRequest.newBuilder()
                .addSignalIds(signal(MOVING))
                .addSignalIds(signal(SPEED))
                .build()));
        tooOften(() -> subscribe().next());
        GetResponse refused = v1.get(old(View.VIEW_CURRENT_VALUE));
        assertTrue(refused.hasError() && refused.getEntriesCount() == 0, refused.toString());
        assertFalse(v1.get(old(View.VIEW_METADATA)).hasError());
        time.advanceMillis(500);
        assertTrue(subscribe().next().getEntriesMap().containsKey(SPEED));
        tooOften(() -> get(SPEED));
    }

    private static GetRequest old(View view) {
        return GetRequest.newBuilder()
                .addEntries(EntryRequest.newBuilder().setPath(SPEED).setView(view))
                .build();
    }

    private Iterator<SubscribeResponse> subscribe() {
        return stub.subscribe(SubscribeRequest.newBuilder()
                .addSignalPaths(SPEED)
                .setBufferSize(100)
                .build());
    }

    @Test
    void aSubscriptionBringsNoMoreThanTheRateWhateverItAsksFor() {
        Iterator<SubscribeResponse> feed = subscribe();
        assertEquals(50, speed(feed.next()));
        for (int i = 1; i <= 20; i++) {
            publish(100 + i);
            time.advanceMillis(50);
        }
        assertEquals(101, speed(feed.next()));
        float second = speed(feed.next());
        assertTrue(second >= 110 && second <= 111, "half a second later: " + second);
        float third = speed(feed.next());
        assertTrue(third >= 119, "and another half: " + third);
    }

    @Test
    void aRateThatIsLoweredEndsSubscriptionsThatWereFaster() {
        Iterator<SubscribeResponse> feed = subscribe();
        feed.next();
        policy.replace(decider(2, 1));
        time.advanceMillis(1_000);
        publish(60);
        tooOften(feed::next);
        assertTrue(subscribe().hasNext());
    }

    private static float speed(SubscribeResponse response) {
        return response.getEntriesMap().values().iterator().next().getValue().getFloat();
    }

    @Test
    void whoIsNotKnownYetIsRefusedOnlyWhileEverybodyElseStillOwes() {
        ReadRates rates = new ReadRates(time);
        for (int i = 0; i < ReadRates.MOST; i++) {
            assertTrue(rates.take(Desk.visitor("databroker", "v" + i), SPEED, 1));
        }
        assertFalse(rates.take(Desk.visitor("databroker", "late"), SPEED, 1));
        time.advanceMillis(1_001);
        assertTrue(rates.take(Desk.visitor("databroker", "late"), SPEED, 1));
    }
}
