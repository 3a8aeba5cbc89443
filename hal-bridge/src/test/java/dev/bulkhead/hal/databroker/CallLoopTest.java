package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a subscriber gets is made where it is sent from. */
@Timeout(60)
class CallLoopTest {
    private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

    /** Is asked before each update and notes by which thread. */
    private final class Noting implements BrokerCaller {
        @Override
        public String name() {
            return "noting";
        }

        @Override
        public boolean mayRead(SignalLeaf leaf) {
            return true;
        }

        @Override
        public boolean mayList(SignalLeaf leaf) {
            threads.add(Thread.currentThread().getName());
            return true;
        }

        @Override
        public Optional<SignalActuate> mayActuate(SignalLeaf leaf) {
            return Optional.empty();
        }

        @Override
        public boolean mayProvide(SignalLeaf leaf) {
            return false;
        }
    }

    @Test
    void anUpdateIsMadeByTheEventLoopOfItsConnection() throws IOException, InterruptedException {
        ManualTime time = new ManualTime();
        SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
        int speed = store.tree().find("Vehicle.Speed").orElseThrow().id();
        try (DatabrokerServer server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                token -> Optional.of(new Noting()),
                store,
                new ActuatorBoard(store, time, time, event -> {}),
                time,
                time)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                    .usePlaintext()
                    .build();
            try {
                Heard<SubscribeResponse> feed = new Heard<>();
                VALGrpc.newStub(channel)
                        .subscribe(
                                SubscribeRequest.newBuilder()
                                        .addSignalPaths("Vehicle.Speed")
                                        .build(),
                                feed);
                feed.next();
                store.publish(speed, 1.0, time.nanos());
                feed.next();
                String thread = threads.take();
                assertTrue(thread.startsWith("databroker-io"), thread);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void outsideOfACallThereIsNoLoop() {
        Executor mine = Runnable::run;
        assertSame(mine, CallLoop.ofThisCall(mine));
    }
}
