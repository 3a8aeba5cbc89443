package dev.bulkhead.cli.bench;

import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.databroker.OpenAccess;
import dev.bulkhead.hal.databroker.proto.v2.GetValuesRequest;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeByIdRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeByIdResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Get and subscription over gRPC on loopback, 101 signals at a time. */
final class BrokerBench {
    private static final int SIGNALS = 101;
    private static final int CALLS = 6_000;
    private static final int UPDATES = 6_000;

    private BrokerBench() {}

    static List<Measurement> run() throws IOException {
        try (BenchTime time = new BenchTime()) {
            SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10_000);
            ActuatorBoard board = new ActuatorBoard(store, time, time, event -> {});
            List<SignalLeaf> leaves = store.tree().leaves().stream()
                    .filter(leaf -> leaf.type().isScalar())
                    .limit(SIGNALS)
                    .toList();
            leaves.forEach(leaf -> store.publish(leaf.id(), 1L, time.nanos()));
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (DatabrokerServer server = new DatabrokerServer(any, new OpenAccess(), store, board, time, time)) {
                ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                        .usePlaintext()
                        .directExecutor()
                        .build();
                try {
                    VALGrpc.VALBlockingStub stub = VALGrpc.newBlockingStub(channel);
                    return List.of(
                            gets(stub, leaves), updates(stub, store, leaves, time), latency(stub, store, leaves, time));
                } finally {
                    channel.shutdownNow();
                }
            }
        }
    }

    private static Measurement gets(VALGrpc.VALBlockingStub stub, List<SignalLeaf> leaves) {
        GetValuesRequest.Builder request = GetValuesRequest.newBuilder();
        leaves.forEach(leaf -> request.addSignalIds(SignalID.newBuilder().setId(leaf.id())));
        GetValuesRequest built = request.build();
        long signals = 0;
        for (int i = 0; i < CALLS / 2; i++) {
            signals += stub.getValues(built).getDataPointsCount();
        }
        long begin = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            signals += stub.getValues(built).getDataPointsCount();
        }
        double perSecond = (double) CALLS * SIGNALS * 1e9 / (System.nanoTime() - begin);
        String how = SIGNALS + " signals a call, one call after the other" + (signals < 0 ? "!" : "");
        return new Measurement("gRPC get over loopback", perSecond, "signals/s", 83_935, true, how);
    }

    private static Measurement updates(
            VALGrpc.VALBlockingStub stub, SignalStore store, List<SignalLeaf> leaves, BenchTime time) {
        Iterator<SubscribeByIdResponse> feed = subscribe(stub, leaves);
        long begin = 0;
        for (int i = 0; i < UPDATES + UPDATES / 4; i++) {
            if (i == UPDATES / 4) {
                begin = System.nanoTime();
            }
            round(store, leaves, time, i, feed);
        }
        double perSecond = (double) UPDATES * SIGNALS * 1e9 / (System.nanoTime() - begin);
        return new Measurement(
                "gRPC subscription over loopback",
                perSecond,
                "signals/s",
                83_935,
                true,
                SIGNALS + " signals a round, the next when all have arrived");
    }

    private static void round(
            SignalStore store,
            List<SignalLeaf> leaves,
            BenchTime time,
            long value,
            Iterator<SubscribeByIdResponse> feed) {
        for (SignalLeaf leaf : leaves) {
            store.publish(leaf.id(), value & 1, time.nanos());
        }
        int arrived = 0;
        while (arrived < SIGNALS) {
            arrived += feed.next().getEntriesCount();
        }
    }

    private static Measurement latency(
            VALGrpc.VALBlockingStub stub, SignalStore store, List<SignalLeaf> leaves, BenchTime time) {
        Iterator<SubscribeByIdResponse> feed = subscribe(stub, leaves.subList(0, 1));
        long[] each = new long[UPDATES];
        for (int i = 0; i < UPDATES; i++) {
            long begin = System.nanoTime();
            store.publish(leaves.getFirst().id(), (long) (i & 1), time.nanos());
            feed.next();
            each[i] = System.nanoTime() - begin;
        }
        Arrays.sort(each);
        return new Measurement(
                "gRPC subscription, publish to client, p50", each[UPDATES / 2] / 1e6, "ms", 0.199, false, "one signal");
    }

    private static Iterator<SubscribeByIdResponse> subscribe(VALGrpc.VALBlockingStub stub, List<SignalLeaf> leaves) {
        SubscribeByIdRequest.Builder request = SubscribeByIdRequest.newBuilder().setBufferSize(1_000);
        leaves.forEach(leaf -> request.addSignalIds(leaf.id()));
        Iterator<SubscribeByIdResponse> feed = stub.subscribeById(request.build());
        feed.next();
        return feed;
    }
}
