package dev.bulkhead.agent.main;

import dev.bulkhead.agent.host.ActuationAudit;
import dev.bulkhead.agent.host.AppDirectory;
import dev.bulkhead.agent.host.HostServices;
import dev.bulkhead.agent.host.KeyValueStore;
import dev.bulkhead.agent.host.MessageHub;
import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.agent.lifecycle.AssetUnpacking;
import dev.bulkhead.agent.lifecycle.CompartmentParts;
import dev.bulkhead.agent.lifecycle.ConfigDesk;
import dev.bulkhead.agent.lifecycle.Orchestrator;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.lifecycle.ReleaseShelf;
import dev.bulkhead.agent.lifecycle.VerifyingInstaller;
import dev.bulkhead.agent.ota.AuditLogHead;
import dev.bulkhead.agent.ota.AuditTrailWitness;
import dev.bulkhead.agent.ota.OtaClient;
import dev.bulkhead.agent.ota.OtaParts;
import dev.bulkhead.agent.ota.OtaStatus;
import dev.bulkhead.agent.ota.TrustGate;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.agent.service.Pulse;
import dev.bulkhead.agent.store.AgentStore;
import dev.bulkhead.agent.store.KeyValuesOutOfReach;
import dev.bulkhead.agent.store.SqliteKeyValues;
import dev.bulkhead.agent.store.StoreException;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.DriverRack;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.AuditTrail;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.security.signing.PackageVerifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One vehicle's agent, put together by hand. {@link #assemble} opens its stores, {@link #start} brings it to life in order: drivers, apps,
 * fleet. The same code on the road, in simulation and in tests. Thread-safe.
 */
public final class Agent {
    private static final int MOST_SUBSCRIPTIONS = 65_536;
    private static final int AUDIT_DEPTH = 64;

    private final AgentParts parts;
    private final AuditLog log;
    private final AuditClerk clerk;
    private final AgentStore store;
    private final KeyValueStore keyValues;
    private final ConfigDesk config;
    private final PolicyInForce policy;
    private final SignalStore signals;
    private final ActuatorBoard board;
    private final DriverRack rack;
    private final Orchestrator orchestrator;
    private final PackageInstaller installer;
    private final Optional<TrustGate> gate;
    private final Optional<OtaClient> ota;
    private final long bornNanos;

    private Agent(AgentParts parts, AuditLog log, AgentStore store, KeyValueStore keyValues, AssetUnpacking unpacking) {
        this.parts = parts;
        this.log = log;
        this.store = store;
        this.keyValues = keyValues;
        this.bornNanos = parts.clock().nanos();
        this.clerk = new AuditClerk(
                log,
                parts.clock(),
                parts.scheduler(),
                parts.strands().open("audit", AUDIT_DEPTH, Strand.Rank.AGENT),
                parts.hostFaults());
        this.policy = new PolicyInForce(new PolicyDecider(parts.policy(), parts.frames()));
        this.signals = new SignalStore(parts.tree(), parts.clock(), parts.scheduler(), MOST_SUBSCRIPTIONS);
        AppDirectory apps = new AppDirectory();
        this.config = new ConfigDesk(
                store,
                (appId, key) -> Optional.ofNullable(
                        parts.config().getOrDefault(appId, Map.of()).get(key)));
        this.board = new ActuatorBoard(
                signals, parts.clock(), parts.scheduler(), new ActuationAudit(clerk, apps, clerk::mayActuate));
        this.rack = new DriverRack(parts.clock(), parts.scheduler(), signals, board);
        this.orchestrator = new Orchestrator(
                compartments(apps, unpacking),
                store,
                clerk,
                config,
                parts.random().apply("supervisor"));
        this.installer = new VerifyingInstaller(
                orchestrator,
                store,
                store,
                new PackageVerifier(parts.trust(), time(parts), this::revokedVendorKeys),
                policy);
        this.gate = parts.fleet().map(link -> link.trust().apply(installer));
        this.ota = parts.fleet().map(link -> client(parts, link, gate.orElseThrow()));
    }

    /**
     * Opens the stores and puts the agent together; nothing runs yet.
     *
     * @throws dev.bulkhead.agent.store.StoreException when the agent's store cannot be used
     * @throws dev.bulkhead.security.audit.AuditException when the audit log cannot be used
     */
    public static Agent assemble(AgentParts parts) {
        return assemble(parts, AssetArchive::unpack);
    }

    static Agent assemble(AgentParts parts, AssetUnpacking unpacking) {
        AuditLog log = AuditLog.open(
                parts.dataDir().resolve("audit.db"),
                AuditSettings.of(origin(parts)),
                NoteSigner.of(parts.signer()),
                time(parts));
        try {
            AgentStore store = AgentStore.open(parts.dataDir(), parts.seal());
            return new Agent(parts, log, store, keyValues(parts), unpacking);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** A damaged file of the apps' data keeps no app from running that does not need it. */
    private static KeyValueStore keyValues(AgentParts parts) {
        try {
            SqliteKeyValues opened = SqliteKeyValues.open(parts.dataDir().resolve("kv.db"));
            opened.damages()
                    .forEach(each -> parts.hostFaults().failed("key-value data of apps", new StoreException(each)));
            return opened;
        } catch (StoreException e) {
            parts.hostFaults().failed("key-value data of all apps", e);
            return new KeyValuesOutOfReach(e);
        }
    }

    private static String origin(AgentParts parts) {
        return "bulkhead/vehicle/" + parts.vehicleId();
    }

    private static InstantSource time(AgentParts parts) {
        return () -> Instant.ofEpochMilli(parts.clock().unixMillis());
    }

    private CompartmentParts compartments(AppDirectory apps, AssetUnpacking unpacking) {
        HostServices host = new HostServices(
                parts.clock(),
                parts.scheduler(),
                signals,
                board,
                rack::bus,
                keyValues,
                new MessageHub(),
                config,
                apps,
                clerk);
        return new CompartmentParts(
                parts.engine(),
                store,
                new ReleaseShelf(store, unpacking),
                host,
                policy,
                parts.strands(),
                parts.cpu(),
                parts.random(),
                parts.hostFaults());
    }

    private Set<String> revokedVendorKeys() {
        return gate.map(TrustGate::revokedVendorKeys).orElse(Set.of());
    }

    private OtaClient client(AgentParts agent, FleetLink link, TrustGate trust) {
        return OtaClient.open(
                link.settings(),
                new OtaParts(
                        link.transport(),
                        trust,
                        installer,
                        link.identity(),
                        new AuditLogHead(log, origin(agent), NoteSigner.of(agent.signer())),
                        new AuditTrailWitness(clerk),
                        agent.clock(),
                        agent.scheduler(),
                        link.strand(),
                        agent.random().apply("ota"),
                        link.steps()),
                agent.dataDir());
    }

    /** Starts drivers, then apps, then the conversation with the fleet. Called once. */
    public void start() {
        start(List.of());
    }

    /**
     * The same.
     *
     * @param more drivers that had to be made of this agent's own parts, started after those it was assembled with
     */
    void start(List<Driver> more) {
        opened();
        clerk.start();
        parts.drivers().forEach(rack::start);
        more.forEach(rack::start);
        orchestrator.start();
        ota.ifPresent(OtaClient::start);
    }

    private void opened() {
        AuditEntry.Builder entry = AuditEntry.newBuilder();
        entry.getOpenedBuilder().setAgentVersion(parts.agentVersion()).setVehicleId(parts.vehicleId());
        clerk.append(entry.build());
        VehiclePolicy inForce = policy.decider().policy();
        AuditEntry.Builder changed = AuditEntry.newBuilder();
        changed.getPolicyChangedBuilder()
                .setEpoch(inForce.epoch())
                .setName(inForce.name())
                .setDeveloperMode(inForce.developerMode());
        clerk.append(changed.build());
    }

    /** Puts a newer policy in force; false when its epoch does not rise. Open handles notice at their next use. */
    public boolean adopt(VehiclePolicy next) {
        boolean adopted = policy.replace(new PolicyDecider(next, parts.frames()));
        if (adopted) {
            AuditEntry.Builder changed = AuditEntry.newBuilder();
            changed.getPolicyChangedBuilder()
                    .setEpoch(next.epoch())
                    .setName(next.name())
                    .setDeveloperMode(next.developerMode());
            clerk.append(changed.build());
        }
        return adopted;
    }

    public AgentParts parts() {
        return parts;
    }

    public Orchestrator orchestrator() {
        return orchestrator;
    }

    public PackageInstaller installer() {
        return installer;
    }

    public SignalStore signals() {
        return signals;
    }

    public ActuatorBoard actuators() {
        return board;
    }

    public DriverRack drivers() {
        return rack;
    }

    public AuditLog auditLog() {
        return log;
    }

    /** Where rooms beside the apps hand in what they have to record. */
    AuditTrail auditTrail() {
        return clerk;
    }

    public PolicyInForce policy() {
        return policy;
    }

    public KeyValueStore keyValues() {
        return keyValues;
    }

    /** The highest release of the app that was ever proven here; 0 when none was. */
    public long releaseFloor(String appId) {
        return store.floor(appId).orElse(0);
    }

    /** How the client stands; empty for a vehicle on its own. */
    public Optional<OtaStatus> fleetStatus() {
        return ota.map(OtaClient::status);
    }

    /** Nanoseconds since the agent was assembled. */
    public long uptimeNanos() {
        return parts.clock().nanos() - bornNanos;
    }

    /** The threads without which the agent is dead. */
    List<Pulse.Vital> vitals() {
        return List.of(
                new Pulse.Vital("control", orchestrator::probe),
                new Pulse.Vital("audit", clerk::probe),
                new Pulse.Vital(
                        "timers", answer -> parts.scheduler().at(parts.clock().nanos(), answer)));
    }

    /** Asks every app to stop. Does not wait; {@link #quiet} says when they are done. */
    public void beginShutdown() {
        ota.ifPresent(OtaClient::close);
        orchestrator.close();
    }

    /** True once no app runs any more. */
    public boolean quiet() {
        return orchestrator.quiet();
    }

    /** Ends what still runs, lets go of drivers and closes the stores. Idempotent enough to be called after a failed start. */
    public void finishShutdown() {
        List.<Runnable>of(
                        orchestrator::kill,
                        rack::close,
                        board::close,
                        clerk::close,
                        clerk::commitNow,
                        log::close,
                        keyValues::close,
                        store::close)
                .forEach(this::whateverComes);
    }

    /** One part that cannot end in order, as a log on a full disk, keeps no other from it. */
    private void whateverComes(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            parts.hostFaults().failed("shutdown", e);
        }
    }
}
