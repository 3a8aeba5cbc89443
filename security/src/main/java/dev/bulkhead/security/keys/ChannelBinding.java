package dev.bulkhead.security.keys;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * What both ends of one TLS 1.3 connection know and nobody else does ({@code tls-exporter}, RFC 9266). Put into a certificate
 * request it shows that the holder of the key made the request for this very connection (RFC 7030 section 3.5). Immutable.
 */
public final class ChannelBinding {
    private static final String LABEL = "EXPORTER-Channel-Binding";
    private static final int BYTES = 32;

    private final byte[] value;

    private ChannelBinding(byte[] value) {
        this.value = value;
    }

    /** Of a connection whose handshake is over; empty when it is not TLS 1.3, or its provider exports nothing. */
    public static Optional<ChannelBinding> of(SSLSession session) {
        if (!session.getProtocol().equals("TLSv1.3") || !(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ChannelBinding(extended.exportKeyingMaterialData(LABEL, new byte[0], BYTES)));
        } catch (SSLException | UnsupportedOperationException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** 32 bytes. */
    public byte[] value() {
        return value.clone();
    }

    /** As it stands in a request: in base64, as its challenge password. */
    String text() {
        return Base64.getEncoder().encodeToString(value);
    }

    /** Whether a request was made for this connection; takes the same time whatever it says. */
    public boolean isOf(CertificateRequest request) {
        byte[] said = request.challenge().map(ChannelBinding::decoded).orElse(new byte[0]);
        return MessageDigest.isEqual(value, said);
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelBinding binding && MessageDigest.isEqual(value, binding.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }
}
