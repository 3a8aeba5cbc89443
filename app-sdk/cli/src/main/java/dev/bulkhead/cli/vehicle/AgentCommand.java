package dev.bulkhead.cli.vehicle;

import dev.bulkhead.agent.main.FleetAccess;
import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.agent.service.Herald;
import dev.bulkhead.agent.tools.ToolPorts;
import dev.bulkhead.agent.tools.Visitors;
import dev.bulkhead.cli.home.Expiry;
import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.home.RunUntilStopped;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.simulator.bus.SimulatedVehicle;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.dynamics.VehicleParameters;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead agent}: one vehicle's agent, in real time. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = "Run a vehicle's agent until it is interrupted.",
        footer = {
            "",
            "Examples:",
            "  bulkhead agent --vehicle VIN-0001 --simulate udds",
            "  bulkhead agent --vehicle VIN-0001 --broker ssl://ota.example:8883 --est https://ota.example:8443",
            "  bulkhead agent --vehicle VIN-0001 --no-fleet --can vcan0=can0 --vss car.json --dbc car.dbc",
            "  bulkhead agent --vehicle VIN-0001 --no-fleet --replay drive.log --dbc default --replay-speed 0",
            "  bulkhead agent --vehicle VIN-0001 --no-fleet --simulate udds --keep Vehicle.TraveledDistance",
            "  bulkhead agent --vehicle VIN-0001 --no-fleet --peer 127.0.0.1 --peer-take 'Vehicle.**'"
        })
public final class AgentCommand implements Runnable {
    private static final double OUTSIDE_CELSIUS = 5;
    private static final double START_OF_CHARGE = 0.8;
    /** The apps come first. */
    private static final Duration PRACTICE_AFTER = Duration.ofSeconds(10);

    private static final String HARDWARE = "bulkhead-abi-1";

    /** Speed profiles a simulated vehicle can drive. */
    public enum Profile {
        udds,
        standing;

        /** A vehicle that drives it. */
        public Driver vehicle() {
            DriveCycle cycle = switch (this) {
                case udds -> DriveCycle.udds();
                case standing -> DriveCycle.constant(0, 1);
            };
            return new SimulatedVehicle(
                    new VirtualVehicle(VehicleParameters.compactElectric(), cycle, OUTSIDE_CELSIUS, START_OF_CHARGE));
        }
    }

    @Mixin
    private Home home;

    @Mixin
    private Output output;

    @Option(
            names = "--vehicle",
            required = true,
            paramLabel = "ID",
            description = "The vehicle: bulkhead keys vehicle ID has made its identity.")
    private String vehicleId;

    @Option(
            names = "--broker",
            paramLabel = "URI",
            description = "The fleet's broker, ssl://host:port (default: the server that runs in the home folder).")
    private @Nullable URI broker;

    @Option(
            names = "--est",
            paramLabel = "URI",
            description =
                    "Where the vehicle renews its certificate, https://host:port (default: the server that runs in the"
                            + " home folder, unless --broker names another).")
    private @Nullable URI est;

    @Option(names = "--no-fleet", description = "Run without a fleet.")
    private boolean noFleet;

    @Option(
            names = "--fleet",
            paramLabel = "NAME",
            defaultValue = "main",
            description = "The fleet's name (default: ${DEFAULT-VALUE}).")
    private String fleet = "main";

    @Option(
            names = "--simulate",
            paramLabel = "PROFILE",
            description = "Put the agent into a simulated vehicle that drives this: ${COMPLETION-CANDIDATES}.")
    private @Nullable Profile profile;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "The vehicle's policy (default: the demo vehicle's).")
    private @Nullable Path policyFile;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Local API on loopback; 0 takes a free port (default: ${DEFAULT-VALUE}).")
    private int apiPort;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve /healthz and /metrics on loopback; 0 takes a free port.")
    private @Nullable Integer metricsPort;

    @Mixin
    private BusOptions buses;

    @Mixin
    private ToolOptions tools;

    @Mixin
    private PeerOptions peer;

    @Option(
            names = "--databroker-key",
            paramLabel = "PEM",
            description = "Public keys of who signs the databroker's bearer tokens; without, it only reads.")
    private @Nullable Path tokenKeys;

    @Option(names = "--attribute", paramLabel = "NAME=VALUE", description = "What campaigns filter on; may repeat.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Override
    public void run() {
        checkVehicleId();
        KeyDirectory keys =
                new KeyDirectory(home.keys(), InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
        RoadAgent agent = start(keys);
        announce(agent);
        agent.practise(PRACTICE_AFTER);
        RunUntilStopped.await(agent::close);
    }

    private RoadAgent start(KeyDirectory keys) {
        try {
            ToolPorts doors = tools.ports(visitors());
            return RoadAgent.start(new RoadSettings(
                            vehicleId,
                            "0.1.0",
                            home.vehicle(vehicleId),
                            buses.tree(),
                            PolicyFile.read(policyFile, buses::tree, buses.buses(profile != null), output),
                            buses.frames(),
                            trust(keys),
                            buses.drivers(Optional.ofNullable(profile).map(Profile::vehicle), home.vehicle(vehicleId)),
                            noFleet ? Optional.empty() : Optional.of(fleetAccess(keys)),
                            apiPort,
                            Optional.ofNullable(metricsPort))
                    .with(doors)
                    .with(peer.peers())
                    .with(Herald.of(System.getenv(), ProcessHandle.current().pid())));
        } catch (HalException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead agent --help");
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(
                    String.valueOf(e.getMessage()), "bulkhead keys vehicle " + vehicleId + " makes its identity");
        }
    }

    private void checkVehicleId() {
        try {
            Certificates.checkVehicleId(vehicleId);
        } catch (KeyException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "--vehicle VIN-0001");
        }
    }

    private Visitors visitors() {
        if (tokenKeys == null) {
            return new Visitors.Readers();
        }
        if (!tools.hasDatabroker()) {
            throw CommandFailure.usage("--databroker-key is of no use without --databroker", "--databroker 55555");
        }
        return new Visitors.TokenHolders(TokenKeys.read(tokenKeys));
    }

    private static TrustAnchor trust(KeyDirectory keys) {
        return keys.trustAnchor();
    }

    private FleetAccess fleetAccess(KeyDirectory keys) {
        Path vehicle = keys.folder().resolve("vehicles").resolve(vehicleId);
        TlsIdentity identity = keys.vehicle(vehicleId);
        Optional<FleetAccess.Enrolment> enrolment = enrolment(keys);
        warnOfExpiry(keys, enrolment.map(FleetAccess.Enrolment::bootstrap).orElse(identity));
        return new FleetAccess(
                brokerUri(),
                fleet,
                identity,
                FileSigner.read(vehicle.resolve("vehicle.key"), Optional.empty()),
                new FactoryRoots(
                        read(keys.folder().resolve("trust/director-root.json"), "bulkhead keys init makes it"),
                        read(keys.folder().resolve("trust/image-root.json"), "bulkhead keys init makes it")),
                Set.of(HARDWARE),
                attributes,
                enrolment);
    }

    /** Of what the vehicle cannot renew by itself. */
    private void warnOfExpiry(KeyDirectory keys, TlsIdentity identity) {
        Expiry expiry = new Expiry(InstantSource.system().instant());
        expiry.warn(
                output,
                "vehicle " + vehicleId,
                identity.chain().getFirst(),
                "bulkhead keys vehicle " + vehicleId + " --replace");
        expiry.warn(output, "the OEM root", keys.trustAnchor().certificate(), "bulkhead keys rotate oem-root");
    }

    private Optional<FleetAccess.Enrolment> enrolment(KeyDirectory keys) {
        Path address = home.server().resolve("est.address");
        if (est == null && (broker != null || !Files.exists(address))) {
            return Optional.empty();
        }
        URI service = est != null
                ? est
                : URI.create(
                        "https://" + new String(read(address, "--est URI names it"), StandardCharsets.US_ASCII).trim());
        if (!"https".equals(service.getScheme()) || service.getHost() == null || service.getPort() < 1) {
            throw CommandFailure.usage(
                    "--est " + service + " is not https://host:port", "--est https://ota.example:8443");
        }
        Optional<TlsIdentity> bootstrap = keys.bootstrap(vehicleId);
        if (est != null && bootstrap.isEmpty()) {
            throw CommandFailure.failed(
                    "vehicle " + vehicleId + " has no bootstrap identity to enrol with",
                    "leave --est away, or make the vehicle's identities anew with bulkhead keys vehicle");
        }
        return bootstrap.map(identity -> new FleetAccess.Enrolment(service, identity));
    }

    private URI brokerUri() {
        if (broker != null) {
            return broker;
        }
        byte[] address = read(
                home.server().resolve("mqtt.address"),
                "start bulkhead server first, name another with --broker, or run without with --no-fleet");
        return URI.create("ssl://" + new String(address, StandardCharsets.US_ASCII).trim());
    }

    private static byte[] read(Path file, String hint) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be read", hint);
        }
    }

    private void announce(RoadAgent agent) {
        if (output.isJson()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("vehicle", vehicleId);
            document.put("apiPort", agent.apiPort());
            agent.metricsPort().ifPresent(port -> document.put("metricsPort", port));
            document.putAll(ToolOptions.document(agent));
            output.json(document);
        } else {
            output.line("agent of vehicle " + vehicleId + ": local API on 127.0.0.1:" + agent.apiPort()
                    + (profile == null ? "" : ", driving " + profile)
                    + agent.metricsPort()
                            .map(port -> ", metrics on port " + port)
                            .orElse("")
                    + ToolOptions.words(agent));
            output.line("Ctrl-C stops it");
        }
    }
}
