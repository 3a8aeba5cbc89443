package dev.bulkhead.agent.main;

import dev.bulkhead.agent.api.ApiParts;
import dev.bulkhead.agent.api.LocalApi;
import dev.bulkhead.agent.drill.Drill;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.ota.OtaSettings;
import dev.bulkhead.agent.ota.OtaStrand;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.agent.ota.UptaneGate;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.FileCodeCache;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.agent.service.Pulse;
import dev.bulkhead.agent.service.RealTimeClass;
import dev.bulkhead.agent.service.Watchdog;
import dev.bulkhead.agent.store.RowSeal;
import dev.bulkhead.agent.tools.PolicedPeer;
import dev.bulkhead.agent.tools.ToolDoors;
import dev.bulkhead.agent.tools.ToolParts;
import dev.bulkhead.contract.proto.AgentStatus;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.TrustAnchor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent in real time: real clocks, real threads, a local API, and, when there is one, the line to the fleet. Thread-safe. */
public final class RoadAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoadAgent.class);
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);
    private static final long MOST_CODE_BYTES = 256L << 20;
    private static final long LOOK_NANOS = 10_000_000L;
    private static final long WATCHDOG_NANOS = 20_000_000_000L;
    private static final int LOOKS = 4;

    private final RoadSettings settings;
    private final VehicleClock clock;
    private final SystemScheduler scheduler;
    private final RealTimeClass realTime = new RealTimeClass();
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().daemon().name("watch-", 0).factory());
    /** The roots the vehicle was made with, until its image root names others. */
    private final AtomicReference<TrustAnchor> trust;

    private final Optional<OtaStrand> otaStrand;
    private final Optional<FleetLine> line;
    private final CompilingEngine engine;
    private final Agent agent;
    private final LocalApi api;
    private final Optional<MetricsPage> metrics;
    private final ToolDoors tools;
    private final Watchdog watchdog;
    private Optional<Drill> drill = Optional.empty();
    private boolean closed;

    private RoadAgent(RoadSettings settings, VehicleClock clock) {
        this.settings = settings;
        this.clock = clock;
        this.scheduler = new SystemScheduler(clock);
        this.trust = new AtomicReference<>(settings.trust());
        this.otaStrand = settings.fleet().map(access -> new OtaStrand());
        this.line = settings.fleet().map(this::line);
        FileSigner key = VehicleKey.in(settings.dataDir(), random);
        this.engine = engine(key);
        this.agent = Agent.assemble(parts(key));
        Deque<Runnable> opened = new ArrayDeque<>();
        try {
            agent.start(settings.peers().stream()
                    .map(peer -> (Driver) new PolicedPeer(peer, toolParts()))
                    .toList());
            line.ifPresent(FleetLine::start);
            this.api = LocalApi.open(apiParts(), settings.dataDir(), settings.apiPort(), random);
            opened.push(api::close);
            this.watchdog = watchdog();
            this.metrics = settings.metricsPort().map(port -> MetricsPage.open(agent, watchdog::stuck, port));
            metrics.ifPresent(page -> opened.push(page::close));
            this.tools = ToolDoors.open(settings.tools(), toolParts());
            watchdog.start();
            settings.herald().tell("READY=1\nSTATUS=vehicle " + settings.vehicleId() + ", running");
        } catch (RuntimeException e) {
            opened.forEach(Runnable::run);
            otaStrand.ifPresent(OtaStrand::close);
            line.ifPresent(FleetLine::close);
            agent.beginShutdown();
            agent.finishShutdown();
            scheduler.close();
            throw e;
        }
    }

    /**
     * Starts everything, in order: stores, drivers, apps, fleet, local API.
     *
     * @throws RuntimeException saying which file, port or key cannot be used; nothing runs then
     */
    public static RoadAgent start(RoadSettings settings) {
        return start(settings, new SystemClock());
    }

    /** The same by another clock; its monotonic side runs in real time. */
    public static RoadAgent start(RoadSettings settings, VehicleClock clock) {
        try {
            Files.createDirectories(settings.dataDir());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the data folder " + settings.dataDir(), e);
        }
        return new RoadAgent(settings, clock);
    }

    /** Looks four times in the time that is borne; a thread has half of it to answer. */
    private Watchdog watchdog() {
        long borne = settings.herald().watchdogNanos().orElse(WATCHDOG_NANOS);
        List<Pulse.Vital> vitals = new ArrayList<>(agent.vitals());
        otaStrand.ifPresent(strand -> vitals.add(new Pulse.Vital("ota", strand::execute)));
        return new Watchdog(new Pulse(vitals, clock, borne / 2), settings.herald(), borne / LOOKS);
    }

    private AgentParts parts(FileSigner key) {
        return new AgentParts(
                settings.vehicleId(),
                settings.agentVersion(),
                settings.dataDir(),
                settings.tree(),
                settings.policy(),
                settings.frames(),
                trust::get,
                key,
                RowSeal.with(VehicleKey.secretFor("agent.db", key)),
                clock,
                scheduler,
                this::strand,
                CpuClock::ofThread,
                engine,
                name -> random,
                settings.drivers(),
                settings.fleet().map(this::link),
                Map.of(),
                (where, fault) -> LOG.error("{} failed", where, fault));
    }

    private Strand strand(String name, int depth, Strand.Rank rank) {
        return PlatformStrand.open(name, depth, rank, clock::nanos, realTime::enter);
    }

    /** Compiled code is kept over restarts, under a key of this vehicle. */
    private CompilingEngine engine(FileSigner key) {
        return CompilingEngine.metered(new FileCodeCache(
                settings.dataDir().resolve("code"),
                VehicleKey.secretFor("code cache", key),
                MOST_CODE_BYTES,
                clock::unixMillis));
    }

    private FleetLine line(FleetAccess access) {
        return FleetLine.of(access, settings.vehicleId(), trust::get, settings.dataDir(), clock, scheduler, random);
    }

    private FleetLink link(FleetAccess access) {
        FleetLine fleetLine = line.orElseThrow();
        return new FleetLink(
                OtaSettings.standard(settings.vehicleId(), settings.agentVersion(), access.attributes()),
                fleetLine.transport(),
                fleetLine.signer(),
                installer -> UptaneGate.open(
                        settings.vehicleId(),
                        access.hardwareIds(),
                        access.roots(),
                        installer,
                        settings.dataDir(),
                        trust::set,
                        () -> Instant.ofEpochMilli(clock.unixMillis())),
                otaStrand.orElseThrow(),
                Steps.IGNORED);
    }

    private ApiParts apiParts() {
        return new ApiParts(
                agent.orchestrator(),
                agent.installer(),
                agent.signals(),
                agent.actuators(),
                agent.auditLog(),
                clock,
                scheduler,
                this::status,
                settings.dataDir().resolve("incoming"),
                threads);
    }

    private ToolParts toolParts() {
        return new ToolParts(
                agent.policy(),
                agent.auditTrail(),
                agent.signals(),
                agent.actuators(),
                agent.drivers()::bus,
                () -> agent.drivers().buses().stream().map(CanBus::name).toList(),
                clock,
                scheduler);
    }

    private AgentStatus status() {
        return AgentStatus.newBuilder()
                .setVehicleId(settings.vehicleId())
                .setAgentVersion(settings.agentVersion())
                .setUptimeMs(agent.uptimeNanos() / 1_000_000)
                .setPolicyEpoch(agent.policy().epoch())
                .setDeveloperMode(agent.policy().decider().policy().developerMode())
                .setFleetConnected(
                        agent.fleetStatus().map(status -> status.connected()).orElse(false))
                .setAuditEntries(agent.auditLog().size())
                .setAuditRoot(AuditRoot.of(agent.auditLog()))
                .build();
    }

    public Agent agent() {
        return agent;
    }

    /**
     * Practises hand-overs and restarts in the background, beside the vehicle, until the JVM has compiled their way. Once.
     *
     * @param after how long it waits first
     */
    public synchronized Drill practise(Duration after) {
        if (drill.isEmpty()) {
            drill = Optional.of(Drill.begin(engine, this::strand, clock, scheduler, after));
        }
        return drill.get();
    }

    /** When the vehicle's certificate ends; empty without a fleet or without an enrolment service. */
    public Optional<Instant> certificateEnds() {
        return line.flatMap(FleetLine::certificateEnds);
    }

    /** Where the local API listens on loopback. */
    public int apiPort() {
        return api.port();
    }

    /** Where the health and metrics page is on loopback; empty when there is none. */
    public Optional<Integer> metricsPort() {
        return metrics.map(MetricsPage::port);
    }

    /** Where socketcand clients find the buses on loopback; empty when there is no such door. */
    public Optional<Integer> socketcandPort() {
        return tools.socketcandPort();
    }

    /** Where kuksa.val clients find the signals on loopback; empty when there is no such door. */
    public Optional<Integer> databrokerPort() {
        return tools.databrokerPort();
    }

    /** Shuts the doors, stops apps, then everything else, within five seconds, whatever the apps do. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        settings.herald().tell("STOPPING=1\nSTATUS=stopping");
        drill.ifPresent(Drill::close);
        watchdog.close();
        tools.close();
        metrics.ifPresent(MetricsPage::close);
        api.close();
        otaStrand.ifPresent(OtaStrand::close);
        line.ifPresent(FleetLine::close);
        agent.beginShutdown();
        long deadline = clock.nanos() + SHUTDOWN.toNanos();
        while (!agent.quiet() && clock.nanos() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        agent.finishShutdown();
        scheduler.close();
        threads.shutdownNow();
    }
}
