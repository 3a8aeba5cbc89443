package dev.bulkhead.security.enrol;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.TlsIdentity;
import java.security.cert.X509Certificate;
import java.util.List;

/** Where certificates come from. Calls block for a bounded time. Safe for use by several threads. */
public interface EnrolmentService {
    /**
     * Asks for a certificate of this key.
     *
     * @param as who asks; the certificate will carry the same vehicle id
     * @param kind a first certificate, or one to follow that of {@code as}
     * @return leaf first, without the root; not yet verified
     * @throws EnrolmentRefusedException when the service said no, or one end did not believe the other
     * @throws EnrolmentUnreachableException when there was no answer
     */
    List<X509Certificate> enrol(TlsIdentity as, FileSigner key, Kind kind);

    /** What is asked for. */
    enum Kind {
        /** {@code simpleenroll}: with the bootstrap identity, when there is no certificate that is still good. */
        FIRST,
        /** {@code simplereenroll}: with the present certificate. */
        RENEWAL
    }
}
