package dev.bulkhead.cli.bench;

import dev.bulkhead.hal.actuation.ActuatorView;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One app is replaced again and again while frames come at 4 kHz and values at 1 kHz: what is lost, what comes twice or out of order, and
 * how long the stream of frames pauses at each cut, by the times at which they were on the bus. Who sends and who listens stand for other
 * computers, so they do not wait for this one's threads where the system allows that.
 */
final class SwapBench {
    private static final long GAP_NANOS = 250_000;
    /** Frames sent at once after this machine stood still; more than an app may queue would be lost by our own doing. */
    private static final int MOST_BEHIND = 100;

    /** The manifest's default. */
    private static final String SHADOW = "1s";

    private static final int BATCH = 4_096;
    private static final int FRAMES_PER_VALUE = 4;
    private static final int IN = 0x200;
    private static final int OUT_VALUES = 0x300;
    private static final String RELAY = "relay";

    private final BenchVehicle vehicle;
    private final Stream frames = new Stream();
    private final Stream values = new Stream();
    private final AtomicBoolean driving = new AtomicBoolean(true);
    private final AtomicInteger sentFrames = new AtomicInteger();
    private final AtomicInteger sentValues = new AtomicInteger();

    private SwapBench(BenchVehicle vehicle) {
        this.vehicle = vehicle;
    }

    /** What came back of one stream; written by the listener's thread, read after it has ended. */
    private static final class Stream {
        private final List<Double> pauseMicros = new ArrayList<>();
        private int last;
        private int good;
        private int generation = -1;
        private long lastNanos;

        void heard(int value, int count, int from, long nanos) {
            if (value == last + 1 && count == value) {
                good++;
            }
            if (generation >= 0 && from != generation) {
                pauseMicros.add((nanos - lastNanos) / 1e3);
            }
            generation = from;
            last = value;
            lastNanos = nanos;
        }
    }

    static List<BenchRow> run(Path folder, byte[] relay, int swaps, boolean practised)
            throws IOException, InterruptedException {
        try (BenchVehicle vehicle = BenchVehicle.in(folder)) {
            return new SwapBench(vehicle).measure(relay, swaps, practised);
        }
    }

    private List<BenchRow> measure(byte[] relay, int swaps, boolean practised)
            throws IOException, InterruptedException {
        vehicle.install(BenchVehicle.manifest(RELAY, 1, SHADOW), relay);
        vehicle.await(RELAY, 1);
        Semaphore news = new Semaphore(0);
        CanPort back = vehicle.bus()
                .open(List.of(new CanFilter(0x100, 0x700), new CanFilter(OUT_VALUES, 0x700)), 65_536, news::release);
        Thread listener = another(() -> listen(back, news));
        Thread driver = another(this::drive);
        LockSupport.parkNanos(2_000_000_000L);
        if (practised) {
            vehicle.practise();
        }
        for (int release = 2; release <= swaps + 1; release++) {
            // other bytes each time: nothing of the version before serves the next
            vehicle.install(BenchVehicle.manifest(RELAY, release, SHADOW), StartBench.distinct(relay, release));
            vehicle.await(RELAY, release);
        }
        driving.set(false);
        driver.join();
        LockSupport.parkNanos(1_000_000_000L);
        listener.interrupt();
        listener.join();
        return rows(swaps);
    }

    @SuppressWarnings("ThreadPriorityCheck") // a matter of what is measured, not of what is right
    private static Thread another(Runnable computer) {
        return Thread.ofPlatform().daemon().priority(Thread.MAX_PRIORITY).start(computer);
    }

    private List<BenchRow> rows(int swaps) {
        int fan = vehicle.agent()
                .agent()
                .signals()
                .tree()
                .find(BenchVehicle.FAN)
                .orElseThrow()
                .id();
        ActuatorView view = vehicle.agent().agent().actuators().view(fan).orElseThrow();
        List<Double> pauses = frames.pauseMicros.stream().sorted().toList();
        return List.of(
                BenchRow.plain("swaps under load", pauses.size(), ""),
                exactlyOnce("frames at 4 kHz", frames, sentFrames.get()),
                exactlyOnce("values at 1 kHz", values, sentValues.get()),
                BenchRow.plain("from the last frame of the old to the first of the new, median", at(pauses, 0.5), "µs"),
                BenchRow.atMost("the same, p99", at(pauses, 0.99), "µs", 1_000),
                BenchRow.plain("the same, longest", at(pauses, 1), "µs"),
                BenchRow.atLeast(
                        "swaps without a failsafe or refusal at an owned actuator",
                        view.failsafes() + view.refusals() == 0 ? swaps : 0,
                        "",
                        swaps));
    }

    private static BenchRow exactlyOnce(String what, Stream stream, int sent) {
        return BenchRow.atLeast(
                what + ", once and in order, of " + sent, sent == 0 ? 0 : 100.0 * stream.good / sent, "%", 100);
    }

    /** By nearest rank. */
    private static double at(List<Double> sorted, double part) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * part) - 1));
    }

    private void drive() {
        CanPort out = vehicle.bus().open(List.of(), 1, () -> {});
        int speed = vehicle.agent()
                .agent()
                .signals()
                .tree()
                .find("Vehicle.Speed")
                .orElseThrow()
                .id();
        long next = System.nanoTime();
        while (driving.get()) {
            for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            next = Math.max(next + GAP_NANOS, System.nanoTime() - MOST_BEHIND * GAP_NANOS);
            int frame = sentFrames.incrementAndGet();
            out.send(CanFrame.standard(
                    IN,
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(frame)
                            .array()));
            if (frame % FRAMES_PER_VALUE == 0) {
                int value = sentValues.incrementAndGet();
                vehicle.agent().agent().signals().publish(speed, (double) value, next);
            }
        }
    }

    private void listen(CanPort back, Semaphore news) {
        try {
            while (true) {
                news.acquire();
                while (back.receive(BATCH, this::heard) == BATCH) {}
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(CanFrame frame, long timeNanos) {
        ByteBuffer data = ByteBuffer.wrap(frame.data()).order(ByteOrder.LITTLE_ENDIAN);
        Stream stream = frame.id() >= OUT_VALUES ? values : frames;
        stream.heard(data.getInt(0), data.getInt(4), frame.id() & 0xFF, timeNanos);
    }
}
