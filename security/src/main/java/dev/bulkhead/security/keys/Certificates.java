package dev.bulkhead.security.keys;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Reading and writing X.509 certificates. */
public final class Certificates {
    private static final Pattern VEHICLE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] ED25519_SPKI_PREFIX = HEX.parseHex("302a300506032b6570032100");
    private static final int MAX_FILE_BYTES = 256 << 10;

    private Certificates() {}

    /** @throws KeyException when the bytes are not one DER certificate; {@code where} goes into the message */
    public static X509Certificate parse(byte[] der, String where) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | RuntimeException e) {
            throw new KeyException(where + ": not an X.509 certificate", e);
        }
    }

    /** All certificates of a PEM text, in its order. */
    public static List<X509Certificate> parsePem(String pem, String where) {
        return Pem.decode(pem).stream()
                .filter(block -> block.label().equals("CERTIFICATE"))
                .map(block -> parse(block.der(), where))
                .toList();
    }

    /** The chain of a PEM file, leaf first; at least one certificate. */
    public static List<X509Certificate> readChain(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new KeyException(file + ": larger than " + MAX_FILE_BYTES + " bytes");
            }
            List<X509Certificate> chain = parsePem(Files.readString(file, StandardCharsets.US_ASCII), file.toString());
            if (chain.isEmpty()) {
                throw new KeyException(file + ": no certificate in it");
            }
            return chain;
        } catch (NoSuchFileException e) {
            throw new KeyException(file + ": there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new KeyException(file + ": permission denied", e);
        } catch (IOException e) {
            throw new KeyException(
                    file + ": " + (Files.isDirectory(file) ? "it is a folder" : "cannot be read as PEM certificates"),
                    e);
        }
    }

    /** The chain as PEM text. */
    public static String toPem(List<X509Certificate> chain) {
        return chain.stream()
                .map(certificate -> Pem.encode("CERTIFICATE", encoded(certificate)))
                .collect(Collectors.joining());
    }

    /** DER bytes. */
    public static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new KeyException("a certificate that cannot be encoded", e);
        }
    }

    /** The subject's common name, which for a vehicle is its id. */
    public static String commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst()
                            .orElseThrow(() -> new KeyException("a certificate without a common name"));
        } catch (InvalidNameException e) {
            throw new KeyException("a certificate with a malformed subject", e);
        }
    }

    /** The subject's key in the form signatures are checked with. */
    public static VerificationKey publicKey(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        byte[] spki = key.getEncoded();
        return switch (key.getAlgorithm()) {
            case "EdDSA", "Ed25519" -> ed25519(spki);
            case "EC" -> new VerificationKey(KeyScheme.ECDSA_P256, Pem.encode("PUBLIC KEY", spki));
            case "ML-DSA", "ML-DSA-65" -> new VerificationKey(KeyScheme.ML_DSA_65, Pem.encode("PUBLIC KEY", spki));
            default -> throw new KeyException("a certificate for an unsupported kind of key, " + key.getAlgorithm());
        };
    }

    /** Whether this is a vehicle's bootstrap certificate, which is good for enrolment only; says nothing about trust. */
    public static boolean isBootstrap(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes != null && purposes.contains(CertificateForge.BOOTSTRAP.getId());
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** The serial number in lower-case hex, as people and commands write it. */
    public static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    /** The DNS names and IP addresses a server certificate is for. */
    public static List<String> hosts(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(1) instanceof String)
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new KeyException("a certificate with malformed alternative names", e);
        }
    }

    /** Whether this authority's key signed the certificate; dates and purposes are not looked at. */
    public static boolean isIssuedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** Whether both are of the same name and key, whoever signed them. */
    static boolean isSameHolder(X509Certificate one, X509Certificate other) {
        return one.getSubjectX500Principal().equals(other.getSubjectX500Principal())
                && one.getPublicKey().equals(other.getPublicKey());
    }

    /** The vehicle id, when it has the right form: letters, digits, dot, underscore, dash; 1 to 64 characters. */
    public static String checkVehicleId(String vehicleId) {
        if (!VEHICLE_ID.matcher(vehicleId).matches()) {
            throw new KeyException(
                    "vehicle id \"" + vehicleId + "\": wants letters, digits, dot, underscore, dash; at most 64");
        }
        return vehicleId;
    }

    static byte[] subjectPublicKeyInfo(VerificationKey key) {
        if (key.scheme() != KeyScheme.ED25519) {
            return Pem.publicDer(key.publicText());
        }
        byte[] raw = HEX.parseHex(key.publicText());
        byte[] spki = Arrays.copyOf(ED25519_SPKI_PREFIX, ED25519_SPKI_PREFIX.length + raw.length);
        System.arraycopy(raw, 0, spki, ED25519_SPKI_PREFIX.length, raw.length);
        return spki;
    }

    static boolean isIpAddress(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    private static VerificationKey ed25519(byte[] spki) {
        if (spki.length != ED25519_SPKI_PREFIX.length + 32
                || !Arrays.equals(spki, 0, ED25519_SPKI_PREFIX.length, ED25519_SPKI_PREFIX, 0, 12)) {
            throw new KeyException("an Edwards curve key, but not Ed25519");
        }
        return new VerificationKey(KeyScheme.ED25519, HEX.formatHex(spki, ED25519_SPKI_PREFIX.length, spki.length));
    }
}
