package dev.bulkhead.cli.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.tools.ToolPorts;
import dev.bulkhead.agent.tools.Visitors;
import dev.bulkhead.contract.proto.AgentGrpc;
import dev.bulkhead.contract.proto.AgentStatusRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetServerInfoRequest;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.main.LiveVehicle;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are no messages, to every call of the local API and of both versions of the databroker's: each gets an end, and goes on. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileMessagesTest {
    private static final int MOST_MESSAGE_BYTES = 4 << 20;
    private static final int LONGEST_STREAM_MILLIS = 1_500;
    private static final int LONGEST_ANSWER_MILLIS = 30_000;

    private RoadAgent vehicle;
    private ManagedChannel api;
    private ManagedChannel broker;
    private Channel owner;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        vehicle = LiveVehicle.start(
                DriveCycle.constant(0, 1),
                new ToolPorts(Optional.of(0), Optional.of(0), new Visitors.Everybody()),
                data,
                new SecureRandom());
        api = NettyChannelBuilder.forAddress("127.0.0.1", vehicle.apiPort())
                .usePlaintext()
                .build();
        broker = NettyChannelBuilder.forAddress(
                        "127.0.0.1", vehicle.databrokerPort().orElseThrow())
                .usePlaintext()
                .build();
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + Files.readString(data.resolve("api.token")).strip());
        owner = ClientInterceptors.intercept(api, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @AfterAll
    void stop() {
        api.shutdownNow();
        broker.shutdownNow();
        vehicle.close();
    }

    /** Any bytes as a message. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] field(int number, int wireType, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write((number << 3) | wireType);
        if (wireType == 2) {
            varint(out, content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Field 1 within field 1, as deep as the reader follows and much deeper. */
    private static byte[] nested(int number, int depth) {
        byte[] message = {};
        for (int i = 0; i < depth; i++) {
            message = field(number, 2, message);
        }
        return message;
    }

    private static byte[] openGroups(int count) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.write((1 << 3) | 3);
        }
        return out.toByteArray();
    }

    private static Map<String, byte[]> attacks() {
        Map<String, byte[]> attacks = new LinkedHashMap<>();
        attacks.put("nothing", new byte[0]);
        for (int number = 1; number <= 4; number++) {
            attacks.put("a number in the place of field " + number, field(number, 0, new byte[] {1}));
            attacks.put("eight bytes in the place of field " + number, field(number, 1, new byte[8]));
            attacks.put(
                    "bytes that are no text in field " + number,
                    field(number, 2, new byte[] {(byte) 0xff, (byte) 0xfe}));
            attacks.put("deep nesting of field " + number, nested(number, 2_000));
            attacks.put(
                    "a length of two gigabytes in field " + number,
                    new byte[] {(byte) ((number << 3) | 2), (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7});
            attacks.put(
                    "a negative length in field " + number,
                    new byte[] {(byte) ((number << 3) | 2), (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15});
        }
        attacks.put("groups that never end", openGroups(100_000));
        attacks.put("a number without an end", new byte[] {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});
        attacks.put("field zero", new byte[] {0, 1});
        attacks.put("more than fits", new byte[MOST_MESSAGE_BYTES + 1]);
        Random random = new Random(6);
        for (int i = 0; i < 24; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            attacks.put("garbage " + i, garbage);
        }
        return attacks;
    }

    private static final class Ear extends ClientCall.Listener<byte[]> {
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onMessage(byte[] message) {
            end.complete(Status.OK);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
        }
    }

    private static Status send(Channel channel, MethodDescriptor<?, ?> method, byte[] payload) throws Exception {
        MethodDescriptor<byte[], byte[]> raw = MethodDescriptor.<byte[], byte[]>newBuilder(new Raw(), new Raw())
                .setFullMethodName(method.getFullMethodName())
                .setType(method.getType())
                .build();
        boolean stream = !method.getType().serverSendsOneMessage();
        ClientCall<byte[], byte[]> call = channel.newCall(
                raw,
                CallOptions.DEFAULT.withDeadlineAfter(
                        stream ? LONGEST_STREAM_MILLIS : LONGEST_ANSWER_MILLIS, TimeUnit.MILLISECONDS));
        Ear ear = new Ear();
        call.start(ear, new Metadata());
        call.request(2);
        call.sendMessage(payload);
        call.halfClose();
        Status status = ear.end.get(LONGEST_ANSWER_MILLIS * 2L, TimeUnit.MILLISECONDS);
        call.cancel("enough", null);
        return stream && status.getCode() == Status.Code.DEADLINE_EXCEEDED ? Status.OK : status;
    }

    /** What gRPC logs when a call fails in a way nobody had thought of. */
    private static final class Surprises extends Handler {
        private static final Logger LOGGER = Logger.getLogger("io.grpc.internal.SerializingExecutor");
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            heard.add(record.getMessage() + ": " + record.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static void attack(Channel channel, ServiceDescriptor service) throws Exception {
        List<String> unexpected = new ArrayList<>();
        int refused = 0;
        Surprises surprises = new Surprises();
        Surprises.LOGGER.addHandler(surprises);
        for (MethodDescriptor<?, ?> method : service.getMethods()) {
            for (Map.Entry<String, byte[]> attack : attacks().entrySet()) {
                Status status = send(channel, method, attack.getValue());
                refused += status.isOk() ? 0 : 1;
                switch (status.getCode()) {
                    case UNKNOWN, UNAVAILABLE, DEADLINE_EXCEEDED, UNIMPLEMENTED ->
                        unexpected.add(method.getBareMethodName() + ", " + attack.getKey() + ": " + status);
                    default -> {}
                }
            }
        }
        Surprises.LOGGER.removeHandler(surprises);
        assertEquals(List.of(), unexpected);
        assertEquals(List.of(), surprises.heard);
        assertTrue(refused > service.getMethods().size() * 10, refused + " were refused");
    }

    @Test
    void everyCallOfTheLocalApiAnswersWhatIsNoMessage() throws Exception {
        attack(owner, AgentGrpc.getServiceDescriptor());
        assertNotEquals(
                "",
                AgentGrpc.newBlockingStub(owner)
                        .status(AgentStatusRequest.getDefaultInstance())
                        .getVehicleId());
    }

    @Test
    void everyCallOfTheDatabrokerAnswersWhatIsNoMessage() throws Exception {
        attack(broker, VALGrpc.getServiceDescriptor());
        attack(broker, dev.bulkhead.hal.databroker.proto.v1.VALGrpc.getServiceDescriptor());
        assertFalse(VALGrpc.newBlockingStub(broker)
                .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                .getName()
                .isEmpty());
    }

    @Test
    void theLocalApiHasPlacesForSoManyConnectionsAndNotAllOfThemForOnePeer() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        InetAddress another = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        try {
            for (int i = 0; i < 48; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), vehicle.apiPort()));
            }
            Socket refused = new Socket(InetAddress.getLoopbackAddress(), vehicle.apiPort());
            sockets.add(refused);
            assertTrue(hungUp(refused), "all places of one peer are taken");
            Socket other = new Socket(InetAddress.getLoopbackAddress(), vehicle.apiPort(), another, 0);
            sockets.add(other);
            other.setSoTimeout(30_000);
            assertTrue(other.getInputStream().read() >= 0, "another peer is greeted");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertNotEquals(
                "",
                AgentGrpc.newBlockingStub(owner)
                        .withWaitForReady()
                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                        .status(AgentStatusRequest.getDefaultInstance())
                        .getVehicleId());
    }

    private static boolean hungUp(Socket socket) throws IOException {
        socket.setSoTimeout(30_000);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }
}
