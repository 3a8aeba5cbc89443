package dev.bulkhead.server.identity;

import dev.bulkhead.security.keys.ChannelBinding;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Who is at the other end of a TLS connection.
 *
 * @param shown its certificates, leaf first; empty when there were none
 * @param connection what a request made for this connection carries; empty when it can carry nothing
 */
public record Caller(List<X509Certificate> shown, Optional<ChannelBinding> connection) {
    public Caller {
        shown = List.copyOf(shown);
    }
}
