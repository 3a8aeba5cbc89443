package dev.bulkhead.hal.databroker;

import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code kuksa.val.v2} and the older {@code v1} over gRPC without encryption: bind it to loopback, or put it behind something that
 * encrypts. Thread-safe.
 */
public final class DatabrokerServer implements AutoCloseable {
    /** Where clients look for it. */
    public static final int DEFAULT_PORT = 55555;

    private static final Logger LOG = LoggerFactory.getLogger(DatabrokerServer.class);
    private static final int LONGEST_END_SECONDS = 3;
    private static final int MAX_MESSAGE = 4 << 20;
    private static final int MAX_CALLS = 128;
    private static final int MAX_HEADERS = 32 << 10;

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

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
        Broker broker = new Broker(store, board, clock);
        this.server = NettyServerBuilder.forAddress(address)
                .executor(executor)
                .maxInboundMessageSize(MAX_MESSAGE)
                .maxInboundMetadataSize(MAX_HEADERS)
                .maxConcurrentCallsPerConnection(MAX_CALLS)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new BrokerAuthentication(access))
                .addService(new ValV2Service(broker, scheduler, clock, executor))
                .addService(new ValV1Service(broker, scheduler, clock, executor))
                .build();
    }

    /** Begins to listen; returns the port. */
    public int start() throws IOException {
        return server.start().getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("databroker calls did not end in {} s", LONGEST_END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
