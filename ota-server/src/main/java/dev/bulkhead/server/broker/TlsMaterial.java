package dev.bulkhead.server.broker;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the broker's TLS listener needs.
 *
 * @param key the server's private key
 * @param chain the server's certificate first, then its issuers; not empty
 * @param clientAuthorities who may have signed a vehicle's certificate; not empty
 */
public record TlsMaterial(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities) {
    public TlsMaterial {
        chain = List.copyOf(chain);
        clientAuthorities = List.copyOf(clientAuthorities);
        if (chain.isEmpty() || clientAuthorities.isEmpty()) {
            throw new IllegalArgumentException("a certificate chain and at least one client authority are needed");
        }
    }
}
