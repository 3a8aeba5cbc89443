package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.hal.can.CanBusStatus;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.LinkedCanBus;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.dbc.FrameFinishers;
import dev.bulkhead.hal.can.mapping.VehicleMapping;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.driver.mapped.MappedBusDriver;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.simulator.main.LiveVehicle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The whole way, measured by the app itself: a real agent with policy, audit log and compiled guest; frames on a bus until its callback reads
 * the clock, and its commands until the driver has put them on the bus and their records are queued.
 */
final class GuestHalBench {
    private static final String APP = "com.bench.hal";
    private static final String POLICY = """
        [policy]
        name = "bench"
        epoch = 1
        developer-mode = false
        [[vendor]]
        name = "bench"
        prefix = "com.bench"
        ceiling = [
          "signal Vehicle.** read",
          'signal Vehicle.Cabin.** actuate range=0..100 slew<=100000000/s rate<=1000000Hz lease<=600000ms when "Vehicle.Speed < 200"',
          "storage 128KiB",
        ]
        [[rule]]
        name = "all"
        app = "com.bench.*"
        lines = ["signal Vehicle.** read", "signal Vehicle.Cabin.** actuate", "storage 128KiB"]
        """;
    private static final String EVERY_FRAME = """
        {"Vehicle": {"children": {"ADAS": {"children": {"ABS": {"children": {"IsEngaged":
        {"dbc2vss": {"message": "Brake", "signal": "AbsActive", "interval_ms": 0}}}}}}}}}
        """;
    private static final int FRAMES = 60_000;
    /** The JVM compiles for some seconds what an app that is new does at 4,000 frames a second. */
    private static final int WARMING_WINDOWS = 12;

    private static final int WINDOW = 2_000;
    private static final int BUCKETS = 4_096;
    private static final int SETTLING_MILLIS = 100;
    private static final long GAP_NANOS = 250_000;
    private static final int ROUNDS = 60;
    private static final long ROUND_NANOS = 120_000_000;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private GuestHalBench() {}

    static List<Measurement> run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bulkhead-bench-hal");
        Bench bench = new Bench();
        VssDocument document = DefaultVehicle.document()
                .overlaid(VssDocument.parse("overlay", EVERY_FRAME.getBytes(StandardCharsets.UTF_8)));
        try (RoadAgent agent = LiveVehicle.start(
                VehiclePolicy.parse(POLICY, "bench.toml"),
                document.tree(),
                ActuatorFrames.none(),
                List.of(bench, mapped(document)),
                List.of(app()),
                folder,
                new SecureRandom())) {
            bench.speedIs(50);
            await(agent, "counts", bench);
            Windows windows = new Windows();
            int[] before = new int[BUCKETS];
            for (int i = 0; i < FRAMES / WINDOW; i++) {
                bench.frames();
                int[] delays = heard(agent, bench);
                if (i >= WARMING_WINDOWS) {
                    windows.add(quantile(difference(delays, before), 0.99));
                }
                before = delays;
            }
            for (int i = 0; i < ROUNDS; i++) {
                bench.moving(true);
                Thread.sleep(ROUND_NANOS / 1_000_000);
            }
            bench.moving(false);
            Thread.sleep(ROUND_NANOS / 1_000_000);
            return measurements(agent, windows);
        } finally {
            delete(folder);
        }
    }

    private static Driver mapped(VssDocument document) {
        BusCodec codec = new BusCodec(DbcDatabase.parse("default", DefaultVehicle.dbc()));
        return new MappedBusDriver(
                "can0", VehicleMapping.read(document, document.tree(), codec), FrameFinishers.none());
    }

    private static AppPackage app() throws IOException {
        return PackageWriter.assemble(
                resource("hal-guest.toml"), resource("hal-guest.wasm"), Optional.empty(), Optional.empty());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GuestHalBench.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not in this build");
            }
            return in.readAllBytes();
        }
    }

    /** Asks the app for its results until it answers: then it listens. */
    private static void await(RoadAgent agent, String key, Bench bench) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (agent.agent()
                .keyValues()
                .get(APP, key.getBytes(StandardCharsets.US_ASCII))
                .isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "the app does not run: " + agent.agent().orchestrator().apps());
            }
            bench.moving(false);
            Thread.sleep(10);
        }
    }

    /** The delays once the app hears no more frames; it writes them down whenever it is told that the vehicle stands. */
    private static int[] heard(RoadAgent agent, Bench bench) throws InterruptedException {
        int before;
        int heard = -1;
        do {
            before = heard;
            bench.moving(false);
            Thread.sleep(SETTLING_MILLIS);
            heard = values(agent, "counts")[0];
        } while (heard != before);
        return values(agent, "delays");
    }

    private static int[] difference(int[] after, int[] before) {
        int[] between = after.clone();
        Arrays.setAll(between, i -> after[i] - before[i]);
        return between;
    }

    private static int[] values(RoadAgent agent, String key) {
        byte[] bytes = agent.agent()
                .keyValues()
                .get(APP, key.getBytes(StandardCharsets.US_ASCII))
                .orElseThrow();
        int[] values = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
        return values;
    }

    private static List<Measurement> measurements(RoadAgent agent, Windows windows) {
        int[] counts = values(agent, "counts");
        int[] delays = values(agent, "delays");
        String refused = counts[2] == 0 ? "" : ", " + counts[2] + " refused";
        return List.of(
                new Measurement(
                        "frame in → gated, decoded, in the app's callback, p99",
                        windows.median(),
                        "µs",
                        300,
                        false,
                        "4,000 frames/s, " + counts[0] + " events, read by the guest itself; " + windows
                                + "; median event " + quantile(delays, 0.5) + " µs"),
                new Measurement(
                        "actuator command from the guest to the driver, record queued, median",
                        quantile(values(agent, "commands"), 0.5) / 100,
                        "µs",
                        5,
                        false,
                        counts[1] + " commands; range, slew, rate, lease and a condition checked" + refused));
    }

    /** The upper end of the bucket in which the quantile lies, in buckets. */
    private static double quantile(int[] buckets, double quantile) {
        long all = 0;
        for (int bucket : buckets) {
            all += bucket;
        }
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= all * quantile && all > 0) {
                return i + 1.0;
            }
        }
        return Double.NaN;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A bus with a real one's ways, which this thread reads, and signals by hand. */
    private static final class Bench implements Driver {
        private @Nullable DriverContext given;
        private @Nullable LinkedCanBus bus;

        @Override
        public String name() {
            return "bench";
        }

        @Override
        public void start(DriverContext context) {
            LinkedCanBus made = new LinkedCanBus("can0", false, context.clock(), frame -> CanSendResult.SENT);
            made.state(CanBusStatus.State.ACTIVE);
            context.attach(made);
            given = context;
            bus = made;
        }

        private void publish(String path, double value) {
            DriverContext context = Objects.requireNonNull(given);
            SignalStore signals = context.signals();
            signals.publish(
                    signals.tree().find(path).orElseThrow().id(),
                    value,
                    context.clock().nanos());
        }

        private void speedIs(double kmh) {
            publish("Vehicle.Speed", kmh);
        }

        private void moving(boolean moving) {
            speedIs(50);
            publish("Vehicle.IsMoving", moving ? 1 : 0);
        }

        private void frames() {
            VehicleClock clock = Objects.requireNonNull(given).clock();
            LinkedCanBus wire = Objects.requireNonNull(bus);
            long next = clock.nanos();
            for (int i = 0; i < WINDOW; i++) {
                for (long wait = next - clock.nanos(); wait > 0; wait = next - clock.nanos()) {
                    LockSupport.parkNanos(wait);
                }
                next += GAP_NANOS;
                if (i % 400 == 0) {
                    speedIs(50);
                }
                wire.received(CanFrame.standard(0x0D0, (byte) 0, (byte) (i & 1), (byte) 0, (byte) 0), clock.nanos());
            }
        }

        @Override
        public void close() {}
    }
}
