package dev.bulkhead.agent.identity;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.TlsIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * One key of the vehicle with its certificate.
 *
 * @param key signs version manifests
 * @param tls the same key, for the line
 */
public record Credential(FileSigner key, TlsIdentity tls) {
    X509Certificate leaf() {
        return tls.chain().getFirst();
    }

    Instant begins() {
        return leaf().getNotBefore().toInstant();
    }

    Instant ends() {
        return leaf().getNotAfter().toInstant();
    }
}
