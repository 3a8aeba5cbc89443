package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.host.ActuationAudit;
import dev.bulkhead.agent.host.AppDirectory;
import dev.bulkhead.agent.host.AppLabel;
import dev.bulkhead.agent.host.AppSession;
import dev.bulkhead.agent.host.CpuGauge;
import dev.bulkhead.agent.host.EventWriter;
import dev.bulkhead.agent.host.HostLinker;
import dev.bulkhead.agent.host.HostServices;
import dev.bulkhead.agent.host.KeyValueStore;
import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.host.MessageHub;
import dev.bulkhead.agent.host.PolicyDesk;
import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.agent.host.SessionBounds;
import dev.bulkhead.agent.metering.CpuAccount;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.Instance;
import dev.bulkhead.agent.sandbox.Limits;
import dev.bulkhead.agent.sandbox.Outcome;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.LossCause;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** An app in its compartment with the real host around it: signals, policy, audit counters, a strand of its own, real time. */
final class BenchApp implements AutoCloseable {
    private static final Budget BUDGET = Budget.unlimitedCpu(16L << 20);
    private static final List<CapabilityLine> LINES = List.of(CapabilityLine.parse("signal ** read"));
    private static final String POLICY = """
            [policy]
            name = "bench"
            epoch = 1
            [[vendor]]
            name = "acme"
            prefix = "com.acme"
            ceiling = ["signal ** read"]
            [[rule]]
            name = "read"
            app = "com.acme.*"
            lines = ["signal ** read"]
            """;

    private final BenchTime time = new BenchTime();
    private final SignalStore signals = new SignalStore(DefaultVehicle.tree(), time, time, 100);
    private final List<AuditEntry> audit = new ArrayList<>();
    private final PlatformStrand strand = PlatformStrand.open("bench app", 64, Strand.Rank.APP, time::nanos);
    private final CpuAccount account;
    private final AppSession session;
    private final Instance instance;
    private final EventWriter writer;

    BenchApp(byte[] module) {
        account = new CpuAccount(BUDGET, CpuClock.ofThread(), time::nanos, strand, () -> {});
        session = new AppSession(
                new AppLabel("com.acme.bench", "1.0.0", "acme", 1),
                new SessionBounds(16, 1_024, 0, 100),
                services(),
                new PolicyDesk(policy(), new AppIdentity("acme", "com.acme.bench", "1.0.0"), LINES),
                new SplittableRandom(1),
                new LogBook(),
                new CpuGauge(BUDGET, account::usage),
                false);
        List<Capability> requested =
                LINES.stream().map(CapabilityLine::capability).toList();
        instance = CompilingEngine.metered()
                .compile(module, Limits.forMemory(BUDGET.memoryBytes()), HostLinker.gate(requested))
                .instantiate(HostLinker.imports(session), BUDGET, account);
        writer = new EventWriter(instance.eventCapacity());
    }

    private static PolicyInForce policy() {
        return new PolicyInForce(new PolicyDecider(VehiclePolicy.parse(POLICY, "bench policy"), ActuatorFrames.none()));
    }

    private HostServices services() {
        AppDirectory apps = new AppDirectory();
        return new HostServices(
                time,
                time,
                signals,
                new ActuatorBoard(signals, time, time, new ActuationAudit(this::append, apps, () -> true)),
                name -> Optional.empty(),
                new NoStore(),
                new MessageHub(),
                (app, key) -> Optional.empty(),
                apps,
                this::append);
    }

    private synchronized long append(AuditEntry entry) {
        audit.add(entry);
        return audit.size();
    }

    /** Starts it and lets events come. */
    void start() throws InterruptedException {
        on(() -> {
            returned(instance.start());
            session.inbox().open(() -> strand.execute(this::deliver));
            return 0.0;
        });
    }

    private void deliver() {
        writer.clear();
        session.inbox().take(writer);
        if (writer.count() > 0) {
            returned(instance.deliver(writer.records(), writer.count()));
        }
        session.inbox().rest();
    }

    void publishSpeed(double value) {
        signals.publish(signals.tree().find("Vehicle.Speed").orElseThrow().id(), value, time.nanos());
    }

    /** First result of an export. */
    long call(String function, long... args) throws InterruptedException {
        return on(() -> {
            List<Long> results = returned(instance.call(function, args));
            return results.isEmpty() ? 0L : results.getFirst();
        });
    }

    /** CPU nanoseconds of one call. */
    long cpuNanos(String function, long... args) throws InterruptedException {
        return on(() -> {
            long before = account.usage().totalNanos();
            returned(instance.call(function, args));
            return account.usage().totalNanos() - before;
        });
    }

    /** Reads of the speed that the audit log has been told of so far. */
    long readsCounted() throws InterruptedException {
        return on(() -> {
            session.flush();
            return audit.stream()
                    .filter(AuditEntry::hasUsed)
                    .mapToLong(entry -> entry.getUsed().getCount())
                    .sum();
        });
    }

    /** The app stores nothing. */
    private static final class NoStore implements KeyValueStore {
        @Override
        public Optional<byte[]> get(String appId, byte[] key) {
            return Optional.empty();
        }

        @Override
        public boolean put(String appId, byte[] key, byte[] value, long quota, Runnable entitled) {
            return false;
        }

        @Override
        public boolean delete(String appId, byte[] key, Runnable entitled) {
            return false;
        }

        @Override
        public List<byte[]> keys(String appId, byte[] prefix, int limit) {
            return List.of();
        }

        @Override
        public long used(String appId) {
            return 0;
        }

        @Override
        public void clear(String appId) {}

        @Override
        public void settle(String appId) {}

        @Override
        public Optional<String> remembersFor(String appId) {
            return Optional.empty();
        }

        @Override
        public void handOver(String appId, String release, List<Write> writes) {}

        @Override
        public void giveBack(String appId) {}
    }

    private static List<Long> returned(Outcome outcome) {
        if (outcome instanceof Outcome.Returned returned) {
            return returned.results();
        }
        throw new IllegalStateException("the app ended as " + outcome);
    }

    private interface Work<T> {
        T run();
    }

    private <T> T on(Work<T> work) throws InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        strand.execute(() -> {
            try {
                result.complete(work.run());
            } catch (RuntimeException failed) {
                result.completeExceptionally(failed);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            on(() -> {
                session.close(LossCause.STOPPED);
                return 0.0;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        strand.close();
        time.close();
    }
}
