package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.hal.databroker.BrokerCaller;
import dev.bulkhead.hal.databroker.CallerCommands;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataRequest;
import dev.bulkhead.hal.databroker.proto.v2.Metadata;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.SignalLeaf;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works with an existing databroker ({@code kuksa.val.v2}) as a {@link BrokerPeer} says. Connects again by itself; while it is away, signals
 * taken from it have no value and its actuators are {@code NODEV}. Thread-safe.
 */
public final class DatabrokerDriver implements Driver {
    private static final Logger LOG = LoggerFactory.getLogger(DatabrokerDriver.class);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final int LONGEST_ANSWER_SECONDS = 10;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int LONGEST_IDLE_DAYS = 30;
    private static final int MAX_MESSAGE = 16 << 20;
    private static final int MOST_CAUSES = 8;
    private static final int TAKE_BUFFER = 64;
    private static final io.grpc.Metadata.Key<String> AUTHORIZATION =
            io.grpc.Metadata.Key.of("authorization", io.grpc.Metadata.ASCII_STRING_MARSHALLER);

    private final BrokerPeer peer;
    private final BrokerCaller rights;
    private final CallerCommands commands;
    private final Optional<SslContext> tls;
    private final PeerOutlet outlet = new PeerOutlet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong unfit = new AtomicLong();
    private volatile @Nullable CompletableFuture<String> connection;
    private volatile Optional<String> problem = Optional.empty();

    /**
     * @param rights what the peer may read and actuate here, by our policy
     * @param commands carries out what the peer's clients command
     * @throws dev.bulkhead.hal.driver.DriverException when the files for TLS cannot be used
     */
    public DatabrokerDriver(BrokerPeer peer, BrokerCaller rights, CallerCommands commands) {
        this.peer = peer;
        this.rights = rights;
        this.commands = commands;
        this.tls = peer.tls().map(PeerTls::context);
    }

    @Override
    public String name() {
        return "databroker:" + peer.address();
    }

    @Override
    public void start(DriverContext context) {
        PeerPlan plan = PeerPlan.of(peer, context.signals().tree());
        for (SignalLeaf leaf : plan.command()) {
            context.drive(leaf, outlet);
        }
        Thread.ofVirtual().name(name()).start(() -> stayConnected(plan, context));
    }

    private void stayConnected(PeerPlan plan, DriverContext context) {
        long pause = FIRST_PAUSE_MILLIS;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            do {
                boolean wasUp = connectOnce(plan, context, executor);
                pause = wasUp ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            } while (!closed.await(pause, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection from beginning to end; true when it had been up. */
    private boolean connectOnce(PeerPlan plan, DriverContext context, ExecutorService executor)
            throws InterruptedException {
        ManagedChannel channel = encrypted(NettyChannelBuilder.forAddress(peer.host(), peer.port()))
                .maxInboundMessageSize(MAX_MESSAGE)
                .idleTimeout(LONGEST_IDLE_DAYS, TimeUnit.DAYS)
                .keepAliveWithoutCalls(true)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .executor(executor)
                .build();
        CompletableFuture<String> broken = new CompletableFuture<>();
        connection = broken;
        if (closed.getCount() == 0) {
            broken.complete("closed");
        }
        try {
            PeerNames names = PeerNames.match(plan, rights::mayRead, metadata(plan, channel));
            if (names.isEmpty()) {
                LOG.warn("databroker {} has none of the signals to share; trying again", peer.address());
                return false;
            }
            LOG.info("databroker {} connected", peer.address());
            problem = Optional.empty();
            channel.notifyWhenStateChanged(ConnectivityState.READY, () -> broken.complete("connection lost"));
            work(plan, names, context, channel, broken, executor);
            return true;
        } catch (StatusRuntimeException e) {
            tell(whatFailed(e));
            return false;
        } finally {
            connection = null;
            channel.shutdownNow();
            if (!channel.awaitTermination(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the connection to databroker {} does not end", peer.address());
            }
        }
    }

    private NettyChannelBuilder encrypted(NettyChannelBuilder channel) {
        if (tls.isEmpty()) {
            return channel.usePlaintext();
        }
        peer.tls().flatMap(PeerTls::serverName).ifPresent(channel::overrideAuthority);
        return channel.sslContext(tls.get());
    }

    /** One end not believing the other does not pass by itself: somebody has to be told. */
    private void tell(String what) {
        if (!problem.equals(Optional.of(what))) {
            LOG.warn("databroker {} not reached: {}; trying again", peer.address(), what);
        }
        problem = Optional.of(what);
    }

    private static String whatFailed(StatusRuntimeException failure) {
        Throwable cause = failure;
        Optional<String> handshake = Optional.empty();
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            if (cause instanceof SSLException) {
                handshake = Optional.of("TLS: " + cause.getMessage());
            }
            cause = cause.getCause();
        }
        return handshake.orElse(
                failure.getStatus().getCode() + ": " + failure.getStatus().getDescription());
    }

    /** Why there is no connection; empty while there is one, and before the first try. */
    public Optional<String> problem() {
        return problem;
    }

    private List<Metadata> metadata(PeerPlan plan, ManagedChannel channel) {
        Set<String> roots = Stream.of(plan.take(), plan.command(), plan.provide(), plan.accept())
                .flatMap(Set::stream)
                .map(leaf -> leaf.path().split("\\.", 2)[0])
                .collect(Collectors.toSet());
        List<Metadata> all = new ArrayList<>();
        for (String root : roots) {
            all.addAll(authorized(VALGrpc.newBlockingStub(channel))
                    .withDeadlineAfter(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listMetadata(ListMetadataRequest.newBuilder().setRoot(root).build())
                    .getMetadataList());
        }
        return all;
    }

    private <S extends AbstractStub<S>> S authorized(S stub) {
        Optional<String> token = peer.token();
        if (token.isEmpty()) {
            return stub;
        }
        io.grpc.Metadata headers = new io.grpc.Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token.get());
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private void work(
            PeerPlan plan,
            PeerNames names,
            DriverContext context,
            ManagedChannel channel,
            CompletableFuture<String> broken,
            ExecutorService executor)
            throws InterruptedException {
        VALGrpc.VALStub stub = authorized(VALGrpc.newStub(channel));
        try (PeerProvision provision = new PeerProvision(names, peer, context, rights, commands, broken, executor)) {
            if (!names.take().isEmpty()) {
                stub.subscribe(
                        SubscribeRequest.newBuilder()
                                .addAllSignalPaths(names.take().keySet())
                                .setBufferSize(TAKE_BUFFER)
                                .build(),
                        new PeerFeed(names.take(), context, broken, unfit));
            }
            if (!names.provide().isEmpty() || !names.accept().isEmpty()) {
                stub.openProviderStream(provision);
                provision.introduce();
            }
            outlet.connected(stub, names.command());
            String why = broken.get();
            if (closed.getCount() > 0) {
                LOG.warn("databroker {} lost: {}; trying again", peer.address(), why);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("told, never thrown", e);
        } finally {
            outlet.disconnected();
            plan.take().forEach(leaf -> context.signals().withdraw(leaf.id()));
        }
    }

    /** Values of the peer that did not fit our tree and were left out. */
    public long unfit() {
        return unfit.get();
    }

    @Override
    public void close() {
        closed.countDown();
        CompletableFuture<String> open = connection;
        if (open != null) {
            open.complete("closed");
        }
    }
}
