package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.home.AddressFile;
import dev.bulkhead.cli.home.Expiry;
import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.home.RunUntilStopped;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.notation.TimeSpan;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.server.main.AlreadyRunningException;
import dev.bulkhead.server.main.Door;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.PortUnavailableException;
import dev.bulkhead.server.main.ServerSettings;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead server}: broker, repositories, database and API in one process. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = "Run the fleet server until it is interrupted.",
        footer = {
            "",
            "Examples:",
            "  bulkhead keys init && bulkhead keys server && bulkhead server",
            "  bulkhead server --mqtt-port 0 --web-port 0     on free ports"
        })
public final class ServerCommand implements Runnable {
    private static final int MOST_PORT = 65_535;

    @Mixin
    private Home home;

    @Mixin
    private Output output;

    @Option(
            names = "--fleet",
            paramLabel = "NAME",
            defaultValue = "main",
            description = "The fleet's name (default: ${DEFAULT-VALUE}).")
    private String fleet = "main";

    @Option(
            names = "--mqtt-port",
            paramLabel = "PORT",
            defaultValue = "8883",
            description = "Where vehicles connect; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int mqttPort = ServerSettings.MQTT_PORT;

    @Option(
            names = "--web-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where the API listens on loopback; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int webPort = ServerSettings.WEB_PORT;

    @Option(
            names = "--est-port",
            paramLabel = "PORT",
            defaultValue = "8443",
            description =
                    "Where vehicles get their certificates (EST); 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int estPort = ServerSettings.EST_PORT;

    @Option(
            names = "--certificate-lifetime",
            paramLabel = "SPAN",
            defaultValue = "168h",
            description =
                    "How long the certificates live that vehicles get, such as 24h; they are renewed at half of it"
                            + " (default: ${DEFAULT-VALUE}).")
    private String lifetime = "168h";

    @Override
    public void run() {
        checkPorts();
        if (!Files.exists(home.keys().resolve("server/server.key"))) {
            throw CommandFailure.failed(
                    "no server key in " + home.keys(), "bulkhead keys init, then bulkhead keys server");
        }
        ServerSettings settings = ServerSettings.local(home.server(), home.keys(), fleet, mqttPort, webPort)
                .withEnrolment(estPort, lifetime());
        warnOfExpiry();
        FleetServer server = start(settings);
        String api = "http://127.0.0.1:" + server.webPort();
        AddressFile.write(home.server().resolve("mqtt.address"), "127.0.0.1:" + server.mqttPort());
        server.estPort()
                .ifPresent(port -> AddressFile.write(home.server().resolve("est.address"), "127.0.0.1:" + port));
        AddressFile.write(home.server().resolve(ServerLink.ADDRESS_FILE), api);
        announce(server, api);
        RunUntilStopped.await(server::close);
    }

    private void checkPorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("--mqtt-port", mqttPort);
        ports.put("--web-port", webPort);
        ports.put("--est-port", estPort);
        Map<Integer, String> taken = new HashMap<>();
        ports.forEach((option, port) -> {
            if (port < 0 || port > MOST_PORT) {
                throw CommandFailure.usage(
                        option + " " + port + " is no port: wants 0 to " + MOST_PORT, option + " 0 takes a free one");
            }
            String other = port == 0 ? null : taken.put(port, option);
            if (other != null) {
                throw CommandFailure.usage(
                        option + " " + port + " is the port of " + other, option + " 0 takes a free one");
            }
        });
    }

    private void warnOfExpiry() {
        Expiry expiry = new Expiry(InstantSource.system().instant());
        KeyDirectory keys =
                new KeyDirectory(home.keys(), InstantSource.system(), new SecureRandom(), KeyDirectory.Validity.USUAL);
        try {
            expiry.warn(output, "the server", keys.server().chain().getFirst(), "bulkhead keys server --replace");
            expiry.warn(
                    output,
                    "the fleet authority",
                    keys.fleetAuthorities().getFirst(),
                    "bulkhead keys rotate oem-fleet");
            expiry.warn(output, "the OEM root", keys.trustAnchor().certificate(), "bulkhead keys rotate oem-root");
            keys.enrolmentAuthority()
                    .ifPresent(authority -> expiry.warn(
                            output, "the enrolment authority", authority.certificate(), "bulkhead keys enrolment"));
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows what is there");
        }
    }

    private static String option(Door door) {
        return switch (door) {
            case MQTT -> "--mqtt-port";
            case WEB -> "--web-port";
            case EST -> "--est-port";
        };
    }

    private Duration lifetime() {
        return TimeSpan.parse(lifetime)
                .filter(span -> span.toSeconds() >= 10 && span.toDays() <= 400)
                .orElseThrow(() -> CommandFailure.usage(
                        "--certificate-lifetime " + lifetime + " is not a span from 10s to 9600h",
                        "--certificate-lifetime 168h"));
    }

    private static FleetServer start(ServerSettings settings) {
        try {
            return FleetServer.start(settings, InstantSource.system(), new SecureRandom());
        } catch (AlreadyRunningException e) {
            throw CommandFailure.failed(
                    String.valueOf(e.getMessage()),
                    "stop it first"
                            + (e.process().isPresent()
                                    ? " with kill " + e.process().getAsLong()
                                    : "")
                            + ", or --home DIR runs another one elsewhere");
        } catch (PortUnavailableException e) {
            throw CommandFailure.failed(
                    String.valueOf(e.getMessage()), option(e.door()) + " N takes another one (0: a free one)");
        } catch (SecurityFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "bulkhead keys list shows what is there");
        }
    }

    private void announce(FleetServer server, String api) {
        if (output.isJson()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("api", api);
            document.put("mqttPort", server.mqttPort());
            server.estPort().ifPresent(port -> document.put("estPort", port));
            document.put("fleet", fleet);
            output.json(document);
        } else {
            output.line("fleet server for \"" + fleet + "\": API and console " + api + ", vehicles on port "
                    + server.mqttPort() + " (MQTT 5, mutual TLS)");
            output.line(server.estPort()
                    .map(port -> "vehicles renew their certificates on port " + port + " (EST, mutual TLS)")
                    .orElse("vehicles cannot renew their certificates: bulkhead keys enrolment, then start again"));
            output.line("the console asks for the token in " + home.server().resolve("api-token"));
            output.line("Ctrl-C stops it");
        }
    }
}
