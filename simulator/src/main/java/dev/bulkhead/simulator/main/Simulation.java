package dev.bulkhead.simulator.main;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.main.Agent;
import dev.bulkhead.agent.main.AgentParts;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.store.RowSeal;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.hal.can.mapping.GuardedFrames;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.simulator.bus.SimulatedVehicle;
import dev.bulkhead.simulator.dynamics.VehicleParameters;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import dev.bulkhead.simulator.main.SimulationResult.AppOutcome;
import dev.bulkhead.simulator.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One run of the real agent in virtual time. Nothing but the settings decides what happens: the same settings give the same
 * result, byte for byte, on every machine.
 */
public final class Simulation {
    private static final long SECOND = 1_000_000_000L;
    private static final long SHUTDOWN_SECONDS = 30;

    /** One microsecond of virtual CPU time is this much fuel: a modest control unit. */
    private static final long FUEL_PER_MICROSECOND = 200;

    private static final double START_OF_CHARGE = 0.8;

    private final SimulationSettings settings;
    private final List<String> faults = new ArrayList<>();
    private final Trace trace = new Trace();

    public Simulation(SimulationSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs from start to end.
     *
     * @param progress told each virtual second that has passed
     * @throws UncheckedIOException when the data folder cannot be used
     */
    public SimulationResult run(LongConsumer progress) {
        try (World world = new World(settings.seed())) {
            InstantSource time = () -> Instant.ofEpochMilli(world.unixMillis());
            VirtualVendors vendors =
                    new VirtualVendors(settings.policy(), time, new SeededRandom(world.random("vendors")));
            Agent agent = Agent.assemble(parts(world, vendors));
            agent.start();
            install(agent, vendors);
            for (int second = 1; second <= settings.seconds(); second++) {
                world.runUntil(second * SECOND);
                trace.sample(agent, world.nanos());
                progress.accept(second);
            }
            return finish(world, agent);
        }
    }

    private AgentParts parts(World world, VirtualVendors vendors) {
        VirtualVehicle vehicle = new VirtualVehicle(
                VehicleParameters.compactElectric(), settings.cycle(), settings.outsideCelsius(), START_OF_CHARGE);
        return new AgentParts(
                "SIM-" + settings.seed(),
                "simulated",
                settings.dataDir(),
                DefaultVehicle.tree(),
                settings.policy(),
                GuardedFrames.ofDefaultVehicle(),
                vendors::trust,
                FileSigner.generate(KeyScheme.ED25519, new SeededRandom(world.random("vehicle key"))),
                RowSeal.with(new byte[] {1}),
                world,
                world,
                (name, depth, rank) -> world.strand(name, depth),
                () -> CpuClock.ofFuel(FUEL_PER_MICROSECOND),
                settings.engine(),
                world::random,
                List.of(new SimulatedVehicle(vehicle)),
                Optional.empty(),
                Map.of(),
                (where, fault) -> faults.add("the agent failed in " + where + ": " + fault));
    }

    private void install(Agent agent, VirtualVendors vendors) {
        int number = 0;
        for (AppPackage unsigned : settings.apps()) {
            Manifest manifest = ManifestParser.parse(unsigned.manifest().bytes(), "app.toml");
            byte[] signed = vendors.sign(unsigned);
            ReleaseRef release = new ReleaseRef(
                    manifest.app().id().text(),
                    manifest.app().version().toString(),
                    manifest.app().release(),
                    Digest.of(signed).hex());
            Path file = written(signed, number++);
            InstallReceipt receipt =
                    agent.installer().install(InstallOrder.fromFleet("simulation-" + number, release), file);
            if (receipt instanceof InstallReceipt.Refused refused) {
                faults.add(release + " was refused (" + refused.reason() + "): " + refused.detail());
            }
        }
    }

    private Path written(byte[] signed, int number) {
        try {
            return Files.write(settings.dataDir().resolve("package-" + number + ".sdvapp"), signed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SimulationResult finish(World world, Agent agent) {
        List<AppOutcome> apps =
                agent.orchestrator().apps().stream().map(Simulation::outcome).toList();
        trace.logs(agent.orchestrator());
        agent.beginShutdown();
        long deadline = world.nanos() + SHUTDOWN_SECONDS * SECOND;
        while (!agent.quiet() && world.nanos() < deadline) {
            world.runUntil(world.nanos() + SECOND / 10);
        }
        agent.auditLog().commit();
        String root = auditRoot(agent);
        long entries = agent.auditLog().size();
        agent.finishShutdown();
        List<String> breaches = Expectations.breaches(apps, faults);
        return new SimulationResult(
                breaches.isEmpty(), breaches, trace.hash(), root, entries, settings.seconds(), apps);
    }

    private static String auditRoot(Agent agent) {
        try (LogReader reader = agent.auditLog().reader()) {
            return reader.tree(reader.size()).root().toString();
        }
    }

    private static AppOutcome outcome(AppView app) {
        return new AppOutcome(
                app.slot().appId(),
                app.release().map(stored -> stored.release().version()).orElse(""),
                app.slot().phase().word(),
                app.restarts(),
                app.compartment().map(running -> running.events()).orElse(0L),
                app.compartment().map(running -> running.denied()).orElse(0L),
                app.cause(),
                lastLine(app.lastWords()));
    }

    private static String lastLine(List<LogBook.Line> words) {
        return words.reversed().stream()
                .filter(line -> line.level().equalsIgnoreCase("error"))
                .findFirst()
                .or(() -> words.isEmpty() ? Optional.empty() : Optional.of(words.getLast()))
                .map(LogBook.Line::text)
                .orElse("");
    }
}
