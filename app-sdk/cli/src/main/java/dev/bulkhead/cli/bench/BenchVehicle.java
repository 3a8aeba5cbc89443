package dev.bulkhead.cli.bench;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.Phase;
import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
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
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The agent as it is on the road, with keys and a vendor of its own and a driver that only takes. */
final class BenchVehicle implements AutoCloseable {
    static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";

    private static final Duration VALIDITY = Duration.ofDays(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROOT = "bench-root.der";
    private static final String LINES = """
        ["signal Vehicle.Speed read", "signal %s actuate", "can can0 rx 200", "can can0 tx 100-3FF"]\
        """.formatted(FAN);
    private static final String POLICY = """
        [policy]
        name = "bench"
        epoch = 1
        developer-mode = true
        [[vendor]]
        name = "bench"
        prefix = "dev.bulkhead.bench"
        ceiling = %s
        [[rule]]
        name = "everything the bench needs"
        app = "dev.bulkhead.bench.*"
        lines = %s
        """.formatted(LINES, LINES);

    private final Path folder;
    private final PackageSigner vendor;
    private final Taker taker = new Taker();
    private final RoadAgent agent;
    private int packages;

    private BenchVehicle(Path folder, PackageSigner vendor, X509Certificate root) {
        this.folder = folder;
        this.vendor = vendor;
        this.agent = start(folder, root, taker);
    }

    /** A new vehicle in an empty folder. */
    static BenchVehicle in(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        FileSigner rootKey = FileSigner.generate(KeyScheme.ED25519, random);
        CertificateAuthority root =
                CertificateAuthority.newRoot(rootKey, "Bench OEM", VALIDITY, InstantSource.system(), random);
        FileSigner key = FileSigner.generate(KeyScheme.ED25519, random);
        X509Certificate certificate =
                root.issueVendor(new VendorIdentity("bench", "dev.bulkhead.bench"), key.publicKey(), VALIDITY);
        try {
            Files.write(folder.resolve(ROOT), root.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
        return new BenchVehicle(folder, new PackageSigner(key, List.of(certificate)), root.certificate());
    }

    /** The agent of a vehicle that was made before, started anew. */
    static RoadAgent again(Path folder) throws IOException {
        try (var in = Files.newInputStream(folder.resolve(ROOT))) {
            var factory = CertificateFactory.getInstance("X.509");
            return start(folder, (X509Certificate) factory.generateCertificate(in), new Taker());
        } catch (CertificateException e) {
            throw new IOException(e);
        }
    }

    private static RoadAgent start(Path folder, X509Certificate root, Driver driver) {
        return RoadAgent.start(new RoadSettings(
                "bench",
                "bench",
                folder.resolve("vehicles").resolve("bench"),
                DefaultVehicle.tree(),
                VehiclePolicy.parse(POLICY, "policy.toml"),
                ActuatorFrames.none(),
                new TrustAnchor(root),
                List.of(driver),
                Optional.empty(),
                0,
                Optional.empty()));
    }

    RoadAgent agent() {
        return agent;
    }

    VirtualCanBus bus() {
        return taker.bus;
    }

    static String appId(String name) {
        return "dev.bulkhead.bench." + name;
    }

    /** A manifest that hands over, with all the grants there are and nothing to wait for. */
    static String manifest(String name, int release, String shadow) {
        StringBuilder text = new StringBuilder("""
            [app]
            id = "%s"
            version = "%d.0.0"
            release = %d
            module = "app.wasm"
            abi = 1
            [budget]
            cpu = "90ms/100ms"
            memory = "256KiB"
            queue = 8192
            [update]
            swap = "handover"
            shadow = "%s"
            probation = "0s"
            state = 1
            """.formatted(appId(name), release, release, shadow));
        for (String grant : List.of(
                "signal Vehicle.Speed read",
                "signal " + FAN + " actuate priority=10 lease<=2000ms failsafe=0",
                "can can0 rx 200",
                "can can0 tx 100-3FF")) {
            text.append("[[capability]]\ngrant = \"").append(grant).append("\"\nreason = \"bench\"\n");
        }
        return text.toString();
    }

    void install(String manifest, byte[] module) throws IOException {
        Path file = pack(manifest, module);
        InstallReceipt receipt = agent.agent().installer().install(InstallOrder.sideload("bench-" + packages), file);
        if (receipt instanceof InstallReceipt.Refused refused) {
            throw new IllegalStateException(refused.reason() + ": " + refused.detail());
        }
    }

    /** A signed package in the vehicle's folder. */
    Path pack(String manifest, byte[] module) throws IOException {
        AppPackage app = PackageWriter.assemble(
                manifest.getBytes(StandardCharsets.UTF_8), module, Optional.empty(), Optional.empty());
        byte[] signed = PackageWriter.write(
                app.signedBy(vendor.sign(PackageStatement.of(app)).encode()));
        return Files.write(folder.resolve("package-" + packages++), signed);
    }

    /** What an agent does some seconds after its start. */
    void practise() throws InterruptedException {
        agent.practise(Duration.ZERO).await(PATIENCE);
    }

    /** Waits until a release runs and is proven. */
    void await(String name, int release) {
        await(agent, () -> running(agent, appId(name), release), name + " " + release);
    }

    /** Looks after each step of an app only: asking takes the lock that steps take, and would be measured with them. */
    static void await(RoadAgent agent, BooleanSupplier condition, String what) {
        Semaphore news = new Semaphore(0);
        Runnable end = agent.agent().orchestrator().onChange(news::release);
        try {
            while (!condition.getAsBoolean()) {
                if (!news.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IllegalStateException(what + " did not come up within " + PATIENCE);
                }
                news.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what);
        } finally {
            end.run();
        }
    }

    static boolean running(RoadAgent agent, String appId, int release) {
        return agent.agent()
                .orchestrator()
                .app(appId)
                .map(AppView::slot)
                .filter(slot ->
                        slot.phase() instanceof Phase.Running && slot.trial().isEmpty())
                .flatMap(AppSlot::active)
                .filter(active -> active.release().release() == release)
                .isPresent();
    }

    @Override
    public void close() {
        agent.close();
    }

    /** A bus, and a sink for every actuator. */
    private static final class Taker implements Driver, ActuatorSink {
        private final VirtualCanBus bus = new VirtualCanBus("can0", false, new BenchTime());

        @Override
        public String name() {
            return "bench";
        }

        @Override
        public void start(DriverContext context) {
            context.attach(bus);
            context.signals().tree().leaves().stream()
                    .filter(leaf -> leaf.kind() == LeafKind.ACTUATOR)
                    .forEach(leaf -> context.drive(leaf, this));
        }

        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            return true;
        }

        @Override
        public void release(SignalLeaf actuator) {}

        @Override
        public void close() {}
    }
}
