package dev.bulkhead.hal.databroker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeRequest;
import dev.bulkhead.hal.databroker.proto.v2.SubscribeResponse;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subscriber that stops reading overflows its own buffer and holds up nobody. */
@Timeout(120)
class SlowSubscriberTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final int BUFFER = 100;
    /** Far more than sockets and flow control take in. */
    private static final int VALUES = 60_000;

    private static final int WINDOW_BYTES = 65_535;
    private static final int PATIENCE_SECONDS = 30;

    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
    private final int speed = store.tree().find(SPEED).orElseThrow().id();
    private final DatabrokerServer server;
    private final ManagedChannel channel;

    SlowSubscriberTest() throws IOException {
        ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
        server = new DatabrokerServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new OpenAccess(), store, board, time, time);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.start())
                .flowControlWindow(WINDOW_BYTES)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    /** Reads one message, then none until it is told to. */
    private static final class Reader implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {
        private final BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<ClientCallStreamObserver<SubscribeRequest>> call = new LinkedBlockingQueue<>();

        @Override
        public void beforeStart(ClientCallStreamObserver<SubscribeRequest> stream) {
            stream.disableAutoRequestWithInitial(1);
            call.add(stream);
        }

        void readOn() throws InterruptedException {
            call.take().request(Integer.MAX_VALUE);
        }

        @Override
        public void onNext(SubscribeResponse news) {
            heard.add((int) news.getEntriesOrThrow(SPEED).getValue().getFloat());
        }

        @Override
        public void onError(Throwable end) {}

        @Override
        public void onCompleted() {}

        int next() throws InterruptedException {
            Integer value = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (value == null) {
                throw new AssertionError("nothing more was heard");
            }
            return value;
        }

        List<Integer> until(int last) throws InterruptedException {
            List<Integer> all = new ArrayList<>();
            do {
                all.add(next());
            } while (all.getLast() != last);
            return all;
        }
    }

    private Reader subscribe(int bufferSize) throws InterruptedException {
        Reader reader = new Reader();
        VALGrpc.newStub(channel)
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .addSignalPaths(SPEED)
                                .setBufferSize(bufferSize)
                                .build(),
                        reader);
        assertEquals(0, reader.next());
        return reader;
    }

    private void publish(int from, int to) {
        for (int value = from; value <= to; value++) {
            store.publish(speed, (double) value, time.nanos());
        }
    }

    @Test
    void whatItMissesIsTheOldestBeyondItsBufferAndTheRestComesInOrder() throws InterruptedException {
        Reader slow = subscribe(BUFFER);
        publish(1, VALUES);
        slow.readOn();
        List<Integer> heard = slow.until(VALUES);
        assertTrue(heard.size() < VALUES, "nothing was dropped: " + heard.size());
        assertEquals(heard.stream().sorted().distinct().toList(), heard);
        assertEquals(
                IntStream.rangeClosed(VALUES - BUFFER + 1, VALUES).boxed().toList(),
                heard.subList(heard.size() - BUFFER, heard.size()));
    }

    @Test
    void anotherSubscriberHearsTheNewestMeanwhile() throws InterruptedException {
        Reader slow = subscribe(BUFFER);
        Reader quick = subscribe(0);
        quick.readOn();
        publish(1, VALUES);
        assertEquals(VALUES, quick.until(VALUES).getLast());
        assertTrue(slow.heard.isEmpty());
    }
}
