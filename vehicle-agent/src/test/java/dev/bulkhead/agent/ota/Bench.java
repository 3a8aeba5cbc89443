package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A client on virtual time with real files and SQLite, between an obedient trust gate, installer and fleet. */
final class Bench implements AutoCloseable {
    static final PullLimits LIMITS = new PullLimits(8, 3, 4, Duration.ofSeconds(20), 1 << 20);

    final VirtualTime time = new VirtualTime();
    final FleetAtHand fleet = new FleetAtHand();
    final PackageInstaller door;
    final RecordingInstaller installer;
    final List<String> attacks = new ArrayList<>();
    final List<Steps.Step> steps = new ArrayList<>();
    final MemoryTransport line;
    final OtaClient client;
    TrustGate.Verdict verdict = new TrustGate.Verdict.Accepted(List.of());

    Bench(Path directory) {
        this(directory, new RecordingInstaller());
    }

    Bench(Path directory, RecordingInstaller installer) {
        this(directory, installer, installer, step -> {});
    }

    Bench(Path directory, PackageInstaller door, RecordingInstaller installer, Steps listener) {
        this.door = door;
        this.installer = installer;
        line = new MemoryTransport(time, time, Duration.ofMillis(10), fleet::hear);
        fleet.attach(line);
        OtaSettings settings = OtaSettings.standard("veh-1", "1.0.0", Map.of("model", "roadster"))
                .withLimits(LIMITS);
        OtaParts parts = new OtaParts(
                line,
                new ObedientGate(),
                door,
                FileSigner.generate(KeyScheme.ED25519, new SecureRandom()),
                AuditHead.NONE,
                (kind, detail) -> attacks.add(kind + ": " + detail),
                time,
                time,
                time,
                new Random(1),
                step -> {
                    steps.add(step);
                    listener.passed(step);
                });
        client = OtaClient.open(settings, parts, directory);
        client.start();
    }

    Bench connected() {
        line.connect();
        return this;
    }

    Bench run(int seconds) {
        time.run(Duration.ofSeconds(seconds));
        return this;
    }

    Bench runMillis(int millis) {
        time.run(Duration.ofMillis(millis));
        return this;
    }

    Assignment assign(String id, SampleFile file) {
        fleet.hold(file);
        Assignment assignment = file.assigned(id, "com.acme.climate", 2);
        verdict = new TrustGate.Verdict.Accepted(List.of(assignment));
        return assignment;
    }

    void poweredOff() {
        client.close();
    }

    @Override
    public void close() {
        client.close();
    }

    private final class ObedientGate implements TrustGate {
        @Override
        public long directorRootVersion() {
            return 3;
        }

        @Override
        public long imageRootVersion() {
            return 4;
        }

        @Override
        public Verdict examine(MetadataBundle bundle) {
            return verdict;
        }

        @Override
        public Set<String> revokedVendorKeys() {
            return Set.of();
        }
    }
}
