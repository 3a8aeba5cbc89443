package dev.bulkhead.cli;

import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.main.Agent;
import dev.bulkhead.agent.main.AgentParts;
import dev.bulkhead.agent.main.FleetLink;
import dev.bulkhead.agent.main.SystemClock;
import dev.bulkhead.agent.main.SystemScheduler;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.ota.Backoff;
import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.agent.ota.OtaSettings;
import dev.bulkhead.agent.ota.OtaStrand;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.agent.ota.Topics;
import dev.bulkhead.agent.ota.UptaneGate;
import dev.bulkhead.agent.ota.mqtt.MqttSettings;
import dev.bulkhead.agent.ota.mqtt.MqttTransport;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.store.RowSeal;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.contract.proto.Health;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real agent on the road: real time, threads, engine, stores, MQTT and TLS. */
final class RoadVehicle implements AutoCloseable {
    private static final String POLICY = """
        [policy]
        name = "road test"
        epoch = 1
        developer-mode = true
        [[vendor]]
        name = "acme"
        prefix = "com.acme"
        ceiling = ["signal ** read"]
        [[rule]]
        name = "reading only"
        app = "com.acme.*"
        lines = ["signal ** read"]
        """;

    final String id;
    final Agent agent;
    private final SystemScheduler scheduler;
    private final OtaStrand strand;

    private RoadVehicle(String id, Agent agent, SystemScheduler scheduler, OtaStrand strand) {
        this.id = id;
        this.agent = agent;
        this.scheduler = scheduler;
        this.strand = strand;
    }

    /** Starts a vehicle whose certificate is in the key directory, or is made now. */
    static RoadVehicle start(KeyDirectory keys, String id, int port, Path data, Steps steps) throws IOException {
        if (!keys.vehicles().contains(id)) {
            keys.addVehicle(id, Optional.empty());
        }
        Files.createDirectories(data);
        SystemClock clock = new SystemClock();
        SystemScheduler scheduler = new SystemScheduler(clock);
        OtaStrand strand = new OtaStrand();
        FileSigner identity =
                FileSigner.read(keys.folder().resolve("vehicles/" + id + "/vehicle.key"), Optional.empty());
        MqttSettings mqtt = MqttSettings.standard(URI.create("ssl://127.0.0.1:" + port), new Topics("demo", id))
                .withBackoff(new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1)));
        MqttTransport transport = new MqttTransport(
                mqtt,
                MutualTls.context(keys.vehicle(id), keys.trustAnchor()),
                Health.getDefaultInstance().toByteArray(),
                clock,
                new SecureRandom());
        FactoryRoots roots = new FactoryRoots(
                Files.readAllBytes(keys.folder().resolve("trust/director-root.json")),
                Files.readAllBytes(keys.folder().resolve("trust/image-root.json")));
        FleetLink link = new FleetLink(
                OtaSettings.standard(id, "test", Map.of("model", "roadster")).withAnswerWithin(Duration.ofSeconds(5)),
                transport,
                identity,
                installer -> UptaneGate.open(
                        id, UptaneGate.HARDWARE_IDS, roots, installer, data.resolve("metadata"), trust -> {}, Oem.TIME),
                strand,
                steps);
        Agent agent = Agent.assemble(new AgentParts(
                id,
                "test",
                data,
                DefaultVehicle.tree(),
                VehiclePolicy.parse(POLICY, "policy.toml"),
                ActuatorFrames.none(),
                keys::trustAnchor,
                auditKey(data.resolve("audit.key")),
                RowSeal.with(new byte[] {1}),
                clock,
                scheduler,
                (name, depth, rank) -> PlatformStrand.open(name, depth, rank, clock::nanos),
                CpuClock::ofThread,
                CompilingEngine.metered(),
                name -> new SecureRandom(),
                List.of(),
                Optional.of(link),
                Map.of(),
                (where, fault) -> {
                    throw new AssertionError(where, fault);
                }));
        agent.start();
        return new RoadVehicle(id, agent, scheduler, strand);
    }

    private static FileSigner auditKey(Path file) {
        if (!Files.exists(file)) {
            FileSigner.generate(KeyScheme.ED25519, new SecureRandom()).write(file, Optional.empty());
        }
        return FileSigner.read(file, Optional.empty());
    }

    Optional<AppView> app(String appId) {
        return agent.orchestrator().app(appId);
    }

    /** The version that is active, and its phase: {@code 2.0.0 RUNNING}; empty when there is none. */
    String running(String appId) {
        return app(appId)
                .flatMap(view -> view.slot()
                        .active()
                        .map(edition -> edition.release().version() + " "
                                + view.slot().phase().word()))
                .orElse("");
    }

    List<AuditEntry> audit() {
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
        long patience = 50;
        while (!agent.quiet() && patience-- > 0) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        agent.finishShutdown();
        strand.close();
        scheduler.close();
    }
}
