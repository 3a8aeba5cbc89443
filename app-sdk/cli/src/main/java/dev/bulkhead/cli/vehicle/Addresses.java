package dev.bulkhead.cli.vehicle;

import java.net.InetSocketAddress;

/** {@code HOST[:PORT]} on the command line. */
final class Addresses {
    private Addresses() {}

    /** @throws IllegalArgumentException saying what is wrong */
    static InetSocketAddress parse(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        try {
            int port = colon < 0 ? defaultPort : Integer.parseInt(text.substring(colon + 1));
            if (host.isBlank()) {
                throw new IllegalArgumentException("no host");
            }
            return new InetSocketAddress(host, port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not HOST or HOST:PORT", e);
        }
    }
}
