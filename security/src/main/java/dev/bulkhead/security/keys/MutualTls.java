package dev.bulkhead.security.keys;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 where both ends show a certificate of the same OEM root; the JDK's implementation does the work. */
public final class MutualTls {
    private MutualTls() {}

    /** A context for one end, trusting nothing but the anchor's roots, and no authority it names as withdrawn. */
    public static SSLContext context(TlsIdentity identity, TrustAnchor anchor) {
        try {
            char[] password = new char[0];
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity.toKeyStore(password), password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(anchor.tlsParameters());
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new KeyException("cannot set up TLS 1.3", e);
        }
    }

    /** Parameters to set on every socket or engine of {@link #context}: TLS 1.3 only, and a client must show itself. */
    public static SSLParameters parameters(SSLContext context) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    /** Sockets for the client's end: TLS 1.3 and nothing older, to a server whose certificate names the host. */
    public static SSLSocketFactory clientSockets(SSLContext context) {
        return new Tls13SocketFactory(context.getSocketFactory());
    }
}
