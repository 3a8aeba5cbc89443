package dev.bulkhead.agent.api;

import dev.bulkhead.hal.door.CountedListener;
import dev.bulkhead.hal.door.MalformedMessages;
import dev.bulkhead.hal.door.PeerCount;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The gRPC server on loopback, for {@value #MOST_CONNECTIONS} connections, {@value #MOST_OF_ONE_PEER} of one address. Writes {@code api.address} and {@code api.token} into the data folder. Thread-safe. */
public final class LocalApi implements AutoCloseable {
    /** In the data folder: {@code host:port}. */
    public static final String ADDRESS_FILE = "api.address";

    static final int MOST_CONNECTIONS = 64;
    static final int MOST_OF_ONE_PEER = 48;
    private static final int MOST_MESSAGE_BYTES = 4 << 20;
    private static final int THREADS = 4;
    private static final int NETWORK_THREADS = 2;

    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final int MOST_CALLS = 64;
    private static final int LONGEST_HELLO_SECONDS = 10;
    private static final int LONGEST_IDLE_MINUTES = 10;

    private final Server server;
    private final ExecutorService threads;
    private final NioEventLoopGroup network;
    private final Path addressFile;

    private LocalApi(Server server, ExecutorService threads, NioEventLoopGroup network, Path addressFile) {
        this.server = server;
        this.threads = threads;
        this.network = network;
        this.addressFile = addressFile;
    }

    /**
     * Opens the door.
     *
     * @param port 0 for any free one
     * @throws UncheckedIOException when the port is taken or the folder cannot be written
     */
    public static LocalApi open(ApiParts parts, Path dataDir, int port, RandomGenerator random) {
        ApiToken token = ApiToken.create(dataDir, random);
        ExecutorService threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("api-", 0).factory());
        NioEventLoopGroup network = new NioEventLoopGroup(NETWORK_THREADS, new DefaultThreadFactory("api-io", true));
        PeerCount peers = new PeerCount(MOST_CONNECTIONS, MOST_OF_ONE_PEER);
        try {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .executor(threads)
                    .channelFactory(() -> new CountedListener("local API", peers))
                    .bossEventLoopGroup(network)
                    .workerEventLoopGroup(network)
                    .maxInboundMessageSize(MOST_MESSAGE_BYTES)
                    .maxInboundMetadataSize(MOST_HEADER_BYTES)
                    .maxConcurrentCallsPerConnection(MOST_CALLS)
                    .handshakeTimeout(LONGEST_HELLO_SECONDS, TimeUnit.SECONDS)
                    .maxConnectionIdle(LONGEST_IDLE_MINUTES, TimeUnit.MINUTES)
                    .addService(MalformedMessages.refusedBy(new AgentService(parts)))
                    .intercept(new TokenGate(token))
                    .build()
                    .start();
            Path address = dataDir.resolve(ADDRESS_FILE);
            Path aside = dataDir.resolve(ADDRESS_FILE + ".new");
            Files.writeString(aside, "127.0.0.1:" + server.getPort() + "\n");
            Files.move(aside, address, StandardCopyOption.ATOMIC_MOVE);
            return new LocalApi(server, threads, network, address);
        } catch (IOException e) {
            threads.shutdownNow();
            end(network);
            throw new UncheckedIOException("the local API cannot listen on 127.0.0.1:" + port, e);
        }
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
            Files.deleteIfExists(addressFile);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
            end(network);
        }
    }

    private static void end(NioEventLoopGroup network) {
        var _ = network.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
