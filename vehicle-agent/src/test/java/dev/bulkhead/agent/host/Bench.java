package dev.bulkhead.agent.host;

import dev.bulkhead.agent.files.ArrayMemory;
import dev.bulkhead.agent.metering.CpuUsage;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.HostCall;
import dev.bulkhead.agent.sandbox.HostImports;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.Scheduled;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** One session on a bench: real signals, actuators, bus and policy; time that a test moves. */
final class Bench implements VehicleClock, Scheduler {
    static final List<String> REQUESTS = List.of(
            "signal ** read",
            "signal Vehicle.Cabin.** actuate range=0..50 priority=50 failsafe=release",
            "signal Vehicle.Chassis.** actuate",
            "can can0 rx 000-7FF",
            "can can0 tx 100-1FF dlc=0..8",
            "message fleet/# publish",
            "message fleet/# subscribe",
            "storage 4KiB");

    private record Timer(long at, long order, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(java.util.Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));
    private long now = 1_000_000_000L;
    private long order;

    final ArrayMemory memory = new ArrayMemory();
    final List<AuditEntry> audit = new ArrayList<>();
    final Map<String, String> driven = new HashMap<>();
    final SignalStore signals = new SignalStore(DefaultVehicle.tree(), this, this, 10_000);
    final VirtualCanBus bus = new VirtualCanBus("can0", false, this);
    final ActuatorBoard board;
    final PolicyInForce policy;
    final AppSession session;
    final LogBook book = new LogBook();
    /** What happens while a write waits for its turn. */
    Runnable beforeWrite = () -> {};

    private final HostImports imports;
    private final HostServices services;

    Bench() {
        this(policy(
                1,
                "signal ** read",
                "signal Vehicle.Cabin.** actuate",
                "can can0 rx 000-7FF",
                "can can0 tx 100-1FF",
                "message # publish",
                "message # subscribe",
                "storage 1MiB"));
    }

    Bench(VehiclePolicy vehiclePolicy) {
        AppDirectory apps = new AppDirectory();
        board = new ActuatorBoard(signals, this, this, new ActuationAudit(this::append, apps, () -> true));
        signals.tree().leaves().stream()
                .filter(leaf -> leaf.kind() == LeafKind.ACTUATOR)
                .forEach(leaf -> board.attach(leaf, new Sink()));
        policy = new PolicyInForce(new PolicyDecider(vehiclePolicy, ActuatorFrames.none()));
        HostServices host = new HostServices(
                this,
                this,
                signals,
                board,
                name -> name.equals("can0") ? Optional.of(bus) : Optional.empty(),
                new MapStore(),
                new MessageHub(),
                (app, key) -> key.equals("greeting") ? Optional.of(new byte[] {1, 2, 3}) : Optional.empty(),
                apps,
                this::append);
        services = host;
        session = session(false);
        imports = HostLinker.imports(session);
    }

    /** A second session of the same app, muted. */
    AppSession shadow() {
        return session(true);
    }

    private AppSession session(boolean muted) {
        Budget budget = new Budget(5_000_000, 100_000_000, 1_000_000, 65_536, Budget.OnExceed.THROTTLE);
        return new AppSession(
                new AppLabel("com.acme.app", "1.0.0", "acme", muted ? 2 : 1),
                new SessionBounds(16, 64, 4_096, 100),
                services,
                new PolicyDesk(
                        policy,
                        new AppIdentity("acme", "com.acme.app", "1.0.0"),
                        REQUESTS.stream().map(CapabilityLine::parse).toList()),
                new SplittableRandom(1),
                book,
                new CpuGauge(budget, () -> new CpuUsage(0, 0, 0, 0, 0, 0)),
                muted);
    }

    static VehiclePolicy policy(int epoch, String... lines) {
        String quoted = String.join(
                ", ", Arrays.stream(lines).map(line -> "\"" + line + "\"").toList());
        return VehiclePolicy.parse("""
                [policy]
                name = "bench"
                epoch = %d
                [[vendor]]
                name = "acme"
                prefix = "com.acme"
                ceiling = [%s]
                [[rule]]
                name = "all"
                app = "com.acme.*"
                lines = [%s]
                """.formatted(epoch, quoted, quoted), "policy.toml");
    }

    private long append(AuditEntry entry) {
        audit.add(entry);
        return audit.size();
    }

    private final class Sink implements ActuatorSink {
        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            driven.put(actuator.path(), value.toString());
            return true;
        }

        @Override
        public void release(SignalLeaf actuator) {
            driven.remove(actuator.path());
        }
    }

    /** Keeps entries in memory. */
    private final class MapStore implements KeyValueStore {
        private final Map<String, byte[]> entries = new java.util.TreeMap<>();

        private static String key(byte[] key) {
            return new String(key, java.nio.charset.StandardCharsets.ISO_8859_1);
        }

        @Override
        public Optional<byte[]> get(String appId, byte[] key) {
            return Optional.ofNullable(entries.get(key(key)));
        }

        @Override
        public boolean put(String appId, byte[] key, byte[] value, long quota, Runnable entitled) {
            beforeWrite.run();
            entitled.run();
            byte[] before = entries.put(key(key), value);
            if (used(appId) <= quota) {
                return true;
            }
            if (before == null) {
                entries.remove(key(key));
            } else {
                entries.put(key(key), before);
            }
            return false;
        }

        @Override
        public boolean delete(String appId, byte[] key, Runnable entitled) {
            beforeWrite.run();
            entitled.run();
            return entries.remove(key(key)) != null;
        }

        @Override
        public List<byte[]> keys(String appId, byte[] prefix, int limit) {
            return entries.keySet().stream()
                    .filter(key -> key.startsWith(key(prefix)))
                    .limit(limit)
                    .map(key -> key.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .toList();
        }

        @Override
        public long used(String appId) {
            return entries.entrySet().stream()
                    .mapToLong(e -> e.getKey().length() + e.getValue().length + ENTRY_COST)
                    .sum();
        }

        @Override
        public void handOver(String appId, String release, List<Write> writes) {
            throw new UnsupportedOperationException("no release takes over here");
        }

        @Override
        public Optional<String> remembersFor(String appId) {
            return Optional.empty();
        }

        @Override
        public void giveBack(String appId) {}

        @Override
        public void settle(String appId) {}

        @Override
        public void clear(String appId) {
            entries.clear();
        }
    }

    HostCall function(String qualifiedName) {
        int dot = qualifiedName.indexOf('.');
        return imports.find(qualifiedName.substring(0, dot), qualifiedName.substring(dot + 1))
                .orElseThrow();
    }

    long call(String qualifiedName, long... arguments) {
        return function(qualifiedName).call(memory, arguments);
    }

    /** Opens a signal by path. */
    long open(String path, int mode) {
        memory.put(1_024, path);
        return call("hal.signal_open", 1_024, path.length(), mode);
    }

    void publish(String path, double value) {
        signals.publish(signals.tree().find(path).orElseThrow().id(), value, now);
    }

    /** Takes the waiting events: kind and handle of each. */
    List<int[]> events() {
        EventWriter writer = new EventWriter(64);
        session.inbox().take(writer);
        List<int[]> taken = new ArrayList<>();
        java.nio.ByteBuffer records =
                java.nio.ByteBuffer.wrap(writer.records()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < writer.count(); i++) {
            int at = i * 32;
            taken.add(new int[] {
                records.getShort(at),
                records.getShort(at + 2),
                records.getInt(at + 4),
                records.getInt(at + 8),
                records.getInt(at + 12)
            });
        }
        return taken;
    }

    void advance(long millis) {
        long until = now + millis * 1_000_000;
        while (!timers.isEmpty() && timers.peek().at() <= until) {
            Timer next = timers.poll();
            now = Math.max(now, next.at());
            next.task().run();
        }
        now = until;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long unixMillis() {
        return now / 1_000_000;
    }

    @Override
    public Scheduled at(long nanos, Runnable task) {
        Timer timer = new Timer(Math.max(nanos, now), order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }
}
