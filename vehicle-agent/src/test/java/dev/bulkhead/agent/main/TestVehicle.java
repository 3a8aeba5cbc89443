package dev.bulkhead.agent.main;

import com.dylibso.chicory.wabt.Wat2Wasm;
import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.AssetUnpacking;
import dev.bulkhead.agent.lifecycle.EnsembleOrder;
import dev.bulkhead.agent.lifecycle.EnsembleReceipt;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.store.RowSeal;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A vehicle with a real agent in it: real engine, stores, cryptography and policy; virtual time and a driver that remembers. */
final class TestVehicle implements AutoCloseable {
    static final String POLICY = """
        [policy]
        name = "bench"
        epoch = 1
        developer-mode = true
        [[vendor]]
        name = "acme"
        prefix = "com.acme"
        ceiling = ["signal ** read", "signal Vehicle.Cabin.** actuate", "can can0 rx 000-7FF", "can can0 tx 100-1FF", "storage 1MiB", "message # publish", "message # subscribe"]
        [[rule]]
        name = "cabin only"
        app = "com.acme.*"
        lines = ["signal ** read", "signal Vehicle.Cabin.** actuate", "can can0 rx 000-7FF", "can can0 tx 100-1FF", "storage 1MiB", "message # publish", "message # subscribe"]
        [[rule]]
        name = "hands off the brakes"
        app = "*"
        lines = "deny signal Vehicle.Chassis.Brake.** actuate"
        """;

    /** The same for every agent on a folder, whatever its key is. */
    static final RowSeal SEAL = RowSeal.with(new byte[] {7});

    final LoopWorld world;
    final Path dir;
    final Agent agent;
    final Recorder recorder;
    final List<String> faults = new ArrayList<>();
    final List<UpdateReport> reports = new ArrayList<>();
    private final Vendors vendors;
    private int packages;

    /** Keys that outlive one agent. */
    static final class Vendors {
        final SecureRandom random = new SecureRandom();
        final FileSigner rootKey = FileSigner.generate(KeyScheme.ED25519, random);
        final FileSigner acmeKey = FileSigner.generate(KeyScheme.ED25519, random);
        final FileSigner vehicleKey;
        final CertificateAuthority root;
        final PackageSigner acme;

        /** A signed package file. */
        byte[] packed(String manifest, byte[] module) {
            return packed(manifest, module, Optional.empty());
        }

        byte[] packed(String manifest, byte[] module, Optional<byte[]> assets) {
            AppPackage app =
                    PackageWriter.assemble(manifest.getBytes(StandardCharsets.UTF_8), module, assets, Optional.empty());
            return PackageWriter.write(
                    app.signedBy(acme.sign(PackageStatement.of(app)).encode()));
        }

        Vendors() {
            this(Instant.ofEpochMilli(1_767_225_600_000L));
        }

        Vendors(Instant now) {
            this(now, FileSigner.generate(KeyScheme.ED25519, new SecureRandom()));
        }

        /** The vehicle's key is kept in the folder, the rest is new each time. */
        static Vendors keptIn(Path dir) {
            return new Vendors(Instant.ofEpochMilli(1_767_225_600_000L), VehicleKey.in(dir, new SecureRandom()));
        }

        Vendors(Instant now, FileSigner vehicle) {
            vehicleKey = vehicle;
            root = CertificateAuthority.newRoot(rootKey, "root", Duration.ofDays(3650), () -> now, random);
            acme = new PackageSigner(
                    acmeKey,
                    List.of(root.issueVendor(
                            new VendorIdentity("acme", "com.acme"), acmeKey.publicKey(), Duration.ofDays(365))));
        }
    }

    TestVehicle(Path dir) {
        this(dir, new LoopWorld(), new Vendors(), POLICY);
    }

    TestVehicle(Path dir, LoopWorld world, Vendors vendors, String policy) {
        this(dir, world, vendors, policy, Optional.empty());
    }

    TestVehicle(Path dir, LoopWorld world, Vendors vendors, String policy, Optional<FleetLink> fleet) {
        this(dir, world, vendors, policy, fleet, AssetArchive::unpack);
    }

    TestVehicle(
            Path dir,
            LoopWorld world,
            Vendors vendors,
            String policy,
            Optional<FleetLink> fleet,
            AssetUnpacking unpacking) {
        this.dir = dir;
        this.world = world;
        this.vendors = vendors;
        this.recorder = new Recorder(world);
        AgentParts parts = new AgentParts(
                "veh-1",
                "test",
                dir,
                DefaultVehicle.tree(),
                VehiclePolicy.parse(policy, "policy.toml"),
                ActuatorFrames.none(),
                () -> new TrustAnchor(vendors.root.certificate()),
                vendors.vehicleKey,
                SEAL,
                world,
                world,
                (name, depth, rank) -> world.strand(name, depth),
                () -> CpuClock.ofFuel(100),
                CompilingEngine.metered(),
                name -> new SplittableRandom(name.hashCode()),
                List.of(recorder),
                fleet,
                Map.of(),
                (where, fault) -> faults.add(where + ": " + fault));
        this.agent = Agent.assemble(parts, unpacking);
        agent.installer().observe(reports::add);
        agent.start();
        world.run(10);
    }

    /** Remembers the last value of each actuator. */
    static class Recorder implements Driver, ActuatorSink {
        final Map<String, String> values = new java.util.concurrent.ConcurrentSkipListMap<>();
        final List<String> released = new ArrayList<>();
        final VirtualCanBus bus;

        Recorder(VehicleClock clock) {
            bus = new VirtualCanBus("can0", false, clock);
        }

        @Override
        public String name() {
            return "recorder";
        }

        @Override
        public void start(DriverContext context) {
            context.attach(bus);
            context.signals().tree().leaves().stream()
                    .filter(leaf -> leaf.kind() == LeafKind.ACTUATOR)
                    .forEach(leaf -> context.drive(leaf, this));
        }

        @Override
        public void close() {}

        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            values.put(actuator.path(), value.toString());
            return true;
        }

        @Override
        public void release(SignalLeaf actuator) {
            released.add(actuator.path());
        }
    }

    static byte[] wat(String text) {
        return Wat2Wasm.parse(text);
    }

    Path pack(String manifest, byte[] module) {
        return write(vendors.packed(manifest, module));
    }

    Path write(byte[] bytes) {
        try {
            return Files.write(dir.resolve("package-" + packages++ + ".sdvapp"), bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    InstallReceipt install(String manifest, byte[] module) {
        return agent.installer().install(InstallOrder.sideload("order-" + packages), pack(manifest, module));
    }

    /** Hands several packages in as one. */
    EnsembleReceipt together(String ensemble, Path... packages) {
        List<EnsembleOrder.Item> items = new ArrayList<>();
        for (Path file : packages) {
            items.add(new EnsembleOrder.Item(InstallOrder.sideload(ensemble + "-" + items.size()), Optional.of(file)));
        }
        return agent.installer().installTogether(new EnsembleOrder(ensemble, items));
    }

    void publish(String path, double value) {
        int id = agent.signals().tree().find(path).orElseThrow().id();
        agent.signals().publish(id, value, world.nanos());
    }

    AppView app(String appId) {
        return agent.orchestrator().app(appId).orElseThrow();
    }

    long floor(String appId) {
        return agent.releaseFloor(appId);
    }

    String phase(String appId) {
        return app(appId).slot().phase().word();
    }

    List<String> log(String appId) {
        return agent.orchestrator().book(appId).orElseThrow().last(1_000).stream()
                .map(LogBook.Line::text)
                .toList();
    }

    List<AuditEntry> audit() {
        return audit(agent);
    }

    static List<AuditEntry> audit(Agent agent) {
        agent.auditLog().commit();
        List<AuditEntry> entries = new ArrayList<>();
        try (LogReader reader = agent.auditLog().reader()) {
            for (long i = 0; i < reader.size(); i++) {
                entries.add(LogReader.parse(i, reader.entry(i)));
            }
        }
        return entries;
    }

    @Override
    public void close() {
        agent.beginShutdown();
        world.run(3_000);
        agent.finishShutdown();
    }
}
