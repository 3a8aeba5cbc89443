package dev.bulkhead.cli.bench;

import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
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
            VirtualCanBus bus = new VirtualCanBus("can0", false, time);
            Semaphore frames = new Semaphore(0);
            Semaphore news = new Semaphore(0);
            CanPort in = bus.open(List.of(CanFilter.ANY_DATA), BATCH, frames::release);
            CanPort out = bus.open(List.of(), 1, () -> {});
            int brake = store.tree()
                    .find("Vehicle.ADAS.ABS.IsEngaged")
                    .orElseThrow()
                    .id();
            SignalSubscription app = store.subscribe(brake, SubscriptionOptions.queue(64), news::release);
            AtomicInteger heard = new AtomicInteger();
            long[] delays = new long[FRAMES];
            Thread intakeThread = Thread.ofPlatform().daemon().start(() -> drain(in, frames, intake));
            Thread appThread = Thread.ofPlatform().daemon().start(() -> hear(app, news, heard, delays, time));
            AtomicInteger sent = new AtomicInteger();
            pace(() -> out.send(brake(sent.getAndIncrement())), time);
            news.tryAcquire(1, 100, TimeUnit.MILLISECONDS);
            intakeThread.interrupt();
            appThread.interrupt();
            appThread.join();
            Windows windows = Windows.of(Arrays.copyOf(delays, heard.get()), WINDOW);
            return new Measurement(
                    "frame in → decoded, published, at the app's thread, p99",
                    windows.median(),
                    "µs",
                    300,
                    false,
                    "4,000 frames/s, " + heard.get() + " deliveries; " + windows + "; two bare wake-ups: "
                            + bare(time));
        }
    }

    /** The same rhythm and the same three threads with nothing in between: what this machine takes for waking them. */
    private static Windows bare(BenchTime time) throws InterruptedException {
        Semaphore first = new Semaphore(0);
        Semaphore second = new Semaphore(0);
        ConcurrentLinkedQueue<Long> sent = new ConcurrentLinkedQueue<>();
        long[] delays = new long[FRAMES];
        Thread relay = Thread.ofPlatform().daemon().start(() -> times(first, second::release));
        Thread end = Thread.ofPlatform().daemon().start(new Runnable() {
            private int heard;

            @Override
            public void run() {
                times(second, () -> delays[heard++] = time.nanos() - Objects.requireNonNull(sent.poll()));
            }
        });
        pace(
                () -> {
                    sent.add(time.nanos());
                    first.release();
                },
                time);
        relay.join();
        end.join();
        return Windows.of(delays, WINDOW);
    }

    private static void times(Semaphore each, Runnable then) {
        for (int i = 0; i < FRAMES; i++) {
            each.acquireUninterruptibly();
            then.run();
        }
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

    private static void drain(CanPort in, Semaphore frames, FrameIntake intake) {
        try {
            while (true) {
                frames.acquire();
                while (in.receive(BATCH, intake::accept) == BATCH) {}
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
