package dev.bulkhead.security.signing;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.Signer;
import java.security.cert.X509Certificate;
import java.util.List;

/** Signs packages with a vendor's key. Safe for use by several threads. */
public final class PackageSigner {
    private final Signer signer;
    private final List<X509Certificate> chain;

    /**
     * @param chain the vendor's certificates, leaf first
     * @throws KeyException when the key is not the leaf's
     */
    public PackageSigner(Signer signer, List<X509Certificate> chain) {
        if (chain.isEmpty() || !Certificates.publicKey(chain.getFirst()).equals(signer.publicKey())) {
            throw new KeyException("the vendor's key does not belong to the first certificate of its chain");
        }
        this.signer = signer;
        this.chain = List.copyOf(chain);
    }

    /** The envelope to put into the package. */
    public Envelope sign(PackageStatement statement) {
        Bytes payload = StatementCodec.encode(statement);
        byte[] signed = Envelope.signedBytes(PackageStatement.PAYLOAD_TYPE, payload);
        Envelope.Signature signature = new Envelope.Signature(
                signer.keyId(),
                Bytes.copyOf(signer.sign(signed)),
                chain.stream().map(Certificates::encoded).map(Bytes::copyOf).toList());
        return new Envelope(PackageStatement.PAYLOAD_TYPE, payload, List.of(signature));
    }
}
