package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v2.Filter;
import dev.bulkhead.hal.databroker.proto.v2.GetServerInfoRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that mean no good, at the databroker's socket. The caller's name is its token here. */
@Timeout(180)
class HostileBrokerClientTest {
    private final ManualTime time = new ManualTime();
    private static final int PEERS = 20;

    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 65_536);
    private final DatabrokerServer server;
    private final int port;
    private final ManagedChannel channel;

    HostileBrokerClientTest() throws IOException {
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        BrokerAccess named = token -> new OpenAccess().caller(Optional.empty()).map(open -> new Named(open, token));
        server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), named, store, board, time, time);
        port = server.start();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private record Named(BrokerCaller open, Optional<String> token) implements BrokerCaller {
        @Override
        public String name() {
            return token.orElse("nobody");
        }

        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return open.mayRead(leaf);
        }

        @Override
        public Optional<dev.bulkhead.contract.capability.SignalActuate> mayActuate(SignalLeaf leaf) {
            return open.mayActuate(leaf);
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return open.mayProvide(leaf);
        }
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private VALGrpc.VALStub as(String name) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), name);
        return VALGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private void stillAnswers() {
        assertEquals(
                "bulkhead",
                VALGrpc.newBlockingStub(channel)
                        .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                        .getName());
    }

    /** Reads until the server hangs up. */
    private static void awaitEnd(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // its settings frame and its farewell
            }
        } catch (SocketException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
        }
    }

    @Test
    void garbageIsCutOff() throws IOException {
        byte[] garbage = new byte[4_096];
        new Random(7).nextBytes(garbage);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(garbage);
            awaitEnd(socket);
        }
        stillAnswers();
    }

    @Test
    void whoConnectsAndSaysNothingIsCutOff() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            awaitEnd(socket);
        }
        stillAnswers();
    }

    /** The server says hello as soon as it has taken a connection. */
    private static void assertOpen(Socket socket) throws IOException {
        socket.setSoTimeout(30_000);
        assertTrue(socket.getInputStream().read() >= 0, "another peer finds a place");
    }

    @Test
    void moreConnectionsThanThereArePlacesAreTurnedAwayAndPlacesComeBack() throws Exception {
        stillAnswers();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < DatabrokerServer.MAX_OF_ONE_PEER; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            awaitEnd(sockets.getLast());
            stillAnswers();
            InetAddress another = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
            for (int i = DatabrokerServer.MAX_OF_ONE_PEER; i < DatabrokerServer.MAX_CONNECTIONS; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port, another, 0));
                assertOpen(sockets.getLast());
            }
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), port, another, 0));
            awaitEnd(sockets.getLast());
            stillAnswers();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        ManagedChannel late =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            VALGrpc.newBlockingStub(late).withWaitForReady().getServerInfo(GetServerInfoRequest.getDefaultInstance());
        } finally {
            late.shutdownNow();
        }
    }

    @Test
    void subscriptionsWithoutEndRunIntoTheCallersShareAndOthersStillSubscribe() throws InterruptedException {
        SubscribeRequest everything = SubscribeRequest.newBuilder()
                .addAllSignalPaths(
                        store.tree().leaves().stream().map(SignalLeaf::path).toList())
                .setBufferSize(SignalFeed.MAX_BUFFER)
                .setFilter(Filter.getDefaultInstance())
                .build();
        Status.Code refusal = Status.Code.OK;
        for (int i = 0; i < 100 && refusal == Status.Code.OK; i++) {
            Heard<SubscribeResponse> feed = new Heard<>();
            as("greedy").subscribe(everything, feed);
            refusal = feed.firstOrEnd();
        }
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refusal);
        Heard<SubscribeResponse> other = new Heard<>();
        as("modest").subscribe(everything, other);
        assertEquals(store.tree().size(), other.next().getEntriesCount());
    }

    @Test
    void tenThousandSubscriptionsOnOneSignalAreBounded() throws InterruptedException {
        SubscribeRequest speed =
                SubscribeRequest.newBuilder().addSignalPaths("Vehicle.Speed").build();
        List<ManagedChannel> channels = new ArrayList<>();
        int bound = PEERS * DatabrokerServer.MAX_CALLS;
        try {
            for (int c = 0; c < PEERS; c++) {
                ManagedChannel one = NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build();
                channels.add(one);
                for (int i = 0; i < 10_000 / PEERS; i++) {
                    VALGrpc.newStub(one).subscribe(speed, new Heard<>());
                }
            }
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (store.subscriptionCount() < bound && System.nanoTime() < patience) {
                Thread.sleep(20);
            }
            stillAnswers();
            Thread.sleep(200);
            assertEquals(bound, store.subscriptionCount(), "each connection has its calls, and no more got through");
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }
}
