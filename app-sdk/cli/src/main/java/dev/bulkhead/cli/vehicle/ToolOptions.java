package dev.bulkhead.cli.vehicle;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.tools.ToolPorts;
import dev.bulkhead.agent.tools.Visitors;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.hal.driver.socketcand.SocketcandBeacon;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The doors for tools that a vehicle has, to be mixed in. */
public final class ToolOptions {
    @Option(
            names = "--socketcand",
            paramLabel = "PORT",
            description = "Lend the buses to socketcand clients on loopback; usual is 29536, 0 takes a free port.")
    private @Nullable Integer socketcand;

    @Option(
            names = "--databroker",
            paramLabel = "PORT",
            description = "Serve kuksa.val.v2 and v1 on loopback; usual is 55555, 0 takes a free port.")
    private @Nullable Integer databroker;

    @Option(
            names = "--socketcand-beacon",
            paramLabel = "ADDRESS[:PORT]",
            arity = "0..1",
            fallbackValue = "127.0.0.1",
            description =
                    "Say by UDP every 3 s where the socketcand is, for clients that look for one; without an address"
                            + " to 127.0.0.1, usual port 42000.")
    private @Nullable String beacon;

    public boolean any() {
        return socketcand != null || databroker != null;
    }

    public boolean hasDatabroker() {
        return databroker != null;
    }

    /** The doors, open to these visitors. */
    public ToolPorts ports(Visitors visitors) {
        try {
            return new ToolPorts(
                    Optional.ofNullable(socketcand),
                    Optional.ofNullable(databroker),
                    visitors,
                    Optional.ofNullable(beacon).map(text -> Addresses.parse(text, SocketcandBeacon.DEFAULT_PORT)));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "");
        }
    }

    /** Where they are, for a program. */
    public static Map<String, Object> document(RoadAgent agent) {
        Map<String, Object> document = new LinkedHashMap<>();
        agent.socketcandPort().ifPresent(port -> document.put("socketcandPort", port));
        agent.databrokerPort().ifPresent(port -> document.put("databrokerPort", port));
        return document;
    }

    /** Where they are, for a person. */
    public static String words(RoadAgent agent) {
        return agent.socketcandPort()
                        .map(port -> ", socketcand on port " + port)
                        .orElse("")
                + agent.databrokerPort()
                        .map(port -> ", databroker on port " + port)
                        .orElse("");
    }
}
