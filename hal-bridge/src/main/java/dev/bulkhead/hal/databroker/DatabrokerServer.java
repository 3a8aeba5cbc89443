package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.door.CountedListener;
import dev.bulkhead.hal.door.MalformedMessages;
import dev.bulkhead.hal.door.PeerCount;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code kuksa.val.v2} and the older {@code v1} over gRPC without encryption: bind it to loopback, or put it behind something that
 * encrypts. Bounds connections ({@value #MAX_CONNECTIONS}, {@value #MAX_OF_ONE_PEER} of one address), calls on each, messages, and what subscribers may have waiting; who connects
 * and says nothing is cut off. Thread-safe.
 */
public final class DatabrokerServer implements AutoCloseable {
    /** Where clients look for it. */
    public static final int DEFAULT_PORT = 55555;

    private static final Logger LOG = LoggerFactory.getLogger(DatabrokerServer.class);
    private static final int LONGEST_END_SECONDS = 3;
    private static final int MAX_MESSAGE = 4 << 20;
    static final int MAX_CONNECTIONS = 128;
    static final int MAX_OF_ONE_PEER = 96;
    static final int MAX_CALLS = 128;
    private static final int MAX_HEADERS = 32 << 10;
    private static final int WORKERS = 2;
    private static final int LONGEST_HELLO_SECONDS = 10;
    private static final int LONGEST_IDLE_MINUTES = 10;

    private final InetSocketAddress address;
    private final BrokerAccess access;
    private final Broker broker;
    private final VehicleClock clock;
    private final Scheduler scheduler;
    private final Deque<Runnable> shutting = new ArrayDeque<>();

    /**
     * Does nothing yet.
     *
     * @param address where to listen; port 0 takes a free one
     */
    public DatabrokerServer(
            InetSocketAddress address,
            BrokerAccess access,
            SignalStore store,
            ActuatorBoard board,
            VehicleClock clock,
            Scheduler scheduler) {
        this.address = address;
        this.access = access;
        this.broker = new Broker(store, board, clock);
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /** Begins to listen; returns the port. Called once. */
    public synchronized int start() throws IOException {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        shutting.push(executor::shutdownNow);
        PeerCount peers = new PeerCount(MAX_CONNECTIONS, MAX_OF_ONE_PEER);
        NioEventLoopGroup workers = threads("databroker-io", WORKERS);
        Server server = NettyServerBuilder.forAddress(address)
                .executor(executor)
                .channelFactory(() -> new CountedListener("databroker", peers))
                .bossEventLoopGroup(threads("databroker-accept", 1))
                .workerEventLoopGroup(workers)
                .addStreamTracerFactory(new CallLoop(workers))
                .handshakeTimeout(LONGEST_HELLO_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(LONGEST_IDLE_MINUTES, TimeUnit.MINUTES)
                .maxInboundMessageSize(MAX_MESSAGE)
                .maxInboundMetadataSize(MAX_HEADERS)
                .maxConcurrentCallsPerConnection(MAX_CALLS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new BrokerAuthentication(access))
                .addService(MalformedMessages.refusedBy(new ValV2Service(broker, scheduler, clock, executor)))
                .addService(MalformedMessages.refusedBy(new ValV1Service(broker, scheduler, clock, executor)))
                .build();
        shutting.push(() -> end(server));
        return server.start().getPort();
    }

    private NioEventLoopGroup threads(String name, int count) {
        NioEventLoopGroup group = new NioEventLoopGroup(count, new DefaultThreadFactory(name, true));
        shutting.push(() -> {
            var _ = group.shutdownGracefully(0, LONGEST_END_SECONDS, TimeUnit.SECONDS);
        });
        return group;
    }

    private static void end(Server server) {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("databroker calls did not end in {} s", LONGEST_END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends every call and stops listening. Idempotent. */
    @Override
    public synchronized void close() {
        while (!shutting.isEmpty()) {
            shutting.pop().run();
        }
    }
}
