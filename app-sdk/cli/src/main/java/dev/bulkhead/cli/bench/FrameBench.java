package dev.bulkhead.cli.bench;

import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.LinkedCanBus;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.mapping.FrameIntake;
import dev.bulkhead.hal.can.mapping.VehicleMapping;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import dev.bulkhead.hal.signal.VssDocument;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** From a frame on the bus to the thread that would call an app, at 4,000 frames a second; the app's own turn is not in it. */
final class FrameBench {
    private static final int FRAMES = 20_000;
    private static final int BATCH = 1_024;
    private static final int WINDOW = 2_000;
    private static final long GAP_NANOS = 250_000;

    private FrameBench() {}

    static Measurement run() throws InterruptedException {
        try (BenchTime time = new BenchTime()) {
            VssDocument document = DefaultVehicle.document().overlaid(everyFrame());
            SignalStore store = new SignalStore(document.tree(), time, time, 10);
            BusCodec codec = new BusCodec(DbcDatabase.parse("default", DefaultVehicle.dbc()));
            FrameIntake intake = new FrameIntake(VehicleMapping.read(document, store.tree(), codec), store);
            LinkedCanBus bus = new LinkedCanBus("can0", false, time, frame -> CanSendResult.SENT);
            Semaphore news = new Semaphore(0);
            new Wire(intake).listenTo(bus);
            int brake = store.tree()
                    .find("Vehicle.ADAS.ABS.IsEngaged")
                    .orElseThrow()
                    .id();
            SignalSubscription app = store.subscribe(brake, SubscriptionOptions.queue(64), news::release);
            AtomicInteger heard = new AtomicInteger();
            long[] delays = new long[FRAMES];
            Thread appThread = Thread.ofPlatform().daemon().start(() -> hear(app, news, heard, delays, time));
            AtomicInteger sent = new AtomicInteger();
            pace(() -> bus.received(brake(sent.getAndIncrement()), time.nanos()), time);
            news.tryAcquire(1, 100, TimeUnit.MILLISECONDS);
            appThread.interrupt();
            appThread.join();
            Windows windows = Windows.of(Arrays.copyOf(delays, heard.get()), WINDOW);
            return new Measurement(
                    "frame in → decoded, published, at the app's thread, p99",
                    windows.median(),
                    "µs",
                    300,
                    false,
                    "4,000 frames/s, " + heard.get() + " deliveries; " + windows + "; a bare wake-up: " + bare(time));
        }
    }

    /** Takes frames in on the thread that reads the bus, as the driver of mapped buses does. */
    private static final class Wire implements CanPort.Reader {
        private final FrameIntake intake;
        private @Nullable CanPort in;

        private Wire(FrameIntake intake) {
            this.intake = intake;
        }

        private void listenTo(LinkedCanBus bus) {
            in = bus.open(List.of(CanFilter.ANY_DATA), BATCH, this);
        }

        @Override
        public void ready() {
            Objects.requireNonNull(in).receive(BATCH, intake::accept);
        }
    }

    /** The same rhythm and the same two threads with nothing in between: what this machine takes for waking one. */
    private static Windows bare(BenchTime time) throws InterruptedException {
        Semaphore each = new Semaphore(0);
        ConcurrentLinkedQueue<Long> sent = new ConcurrentLinkedQueue<>();
        long[] delays = new long[FRAMES];
        Thread end = Thread.ofPlatform().daemon().start(() -> {
            for (int heard = 0; heard < FRAMES; heard++) {
                each.acquireUninterruptibly();
                delays[heard] = time.nanos() - Objects.requireNonNull(sent.poll());
            }
        });
        pace(
                () -> {
                    sent.add(time.nanos());
                    each.release();
                },
                time);
        end.join();
        return Windows.of(delays, WINDOW);
    }

    /** The default vehicle thins this signal out; here every frame counts. */
    private static VssDocument everyFrame() {
        String json = """
            {"Vehicle": {"children": {"ADAS": {"children": {"ABS": {"children": {"IsEngaged":
            {"dbc2vss": {"message": "Brake", "signal": "AbsActive", "interval_ms": 0}}}}}}}}}
            """;
        return VssDocument.parse("overlay", json.getBytes(StandardCharsets.UTF_8));
    }

    private static void pace(Runnable deed, BenchTime time) {
        long next = time.nanos();
        for (int i = 0; i < FRAMES; i++) {
            for (long wait = next - time.nanos(); wait > 0; wait = next - time.nanos()) {
                LockSupport.parkNanos(wait);
            }
            next += GAP_NANOS;
            deed.run();
        }
    }

    private static CanFrame brake(int number) {
        return CanFrame.standard(0x0D0, (byte) 0, (byte) (number & 1), (byte) 0, (byte) 0);
    }

    private static void hear(
            SignalSubscription app, Semaphore news, AtomicInteger heard, long[] delays, BenchTime time) {
        SignalReading reading = new SignalReading();
        try {
            while (true) {
                news.acquire();
                while (app.poll(reading) && heard.get() < delays.length) {
                    delays[heard.getAndIncrement()] = time.nanos() - reading.timeNanos();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
