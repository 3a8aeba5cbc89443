package dev.bulkhead.hal.driver.databroker;

import dev.bulkhead.contract.capability.SignalGlob;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A databroker to work with, and what passes between it and us.
 *
 * @param tls how the connection is encrypted; empty: not
 * @param token a bearer token; without encryption only for a broker on this machine
 * @param take signals it has and we publish here
 * @param command actuators it carries out for our apps
 * @param provide signals we have and publish there
 * @param accept actuators of ours that its clients may command, within our policy
 * @param intervalMillis how often a provided signal is sent at most, until its subscribers say otherwise
 */
public record BrokerPeer(
        String host,
        int port,
        Optional<PeerTls> tls,
        Optional<String> token,
        List<SignalGlob> take,
        List<SignalGlob> command,
        List<SignalGlob> provide,
        List<SignalGlob> accept,
        int intervalMillis) {
    private static final int HIGHEST_PORT = 65_535;

    public BrokerPeer {
        take = List.copyOf(take);
        command = List.copyOf(command);
        provide = List.copyOf(provide);
        accept = List.copyOf(accept);
        if (host.isBlank() || port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "'" + host + ":" + port + "' is no address; HOST:PORT, such as 127.0.0.1:55555");
        }
        if (take.isEmpty() && command.isEmpty() && provide.isEmpty() && accept.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing passes between us and the databroker; say what to take, command, provide or accept");
        }
        if (tls.isEmpty() && token.isPresent() && !isThisMachine(host)) {
            throw new IllegalArgumentException("the connection to " + host
                    + " is not encrypted, so no token is sent there; name the authority of its certificate, or reach it by a tunnel that ends on"
                    + " loopback");
        }
        if (intervalMillis < 0) {
            throw new IllegalArgumentException("an interval of " + intervalMillis + " ms is negative");
        }
    }

    private static boolean isThisMachine(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    String address() {
        return host + ":" + port;
    }
}
