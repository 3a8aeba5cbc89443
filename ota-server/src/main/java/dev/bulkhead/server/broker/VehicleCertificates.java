package dev.bulkhead.server.broker;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Reads a vehicle's name out of its certificate. */
final class VehicleCertificates {
    private static final String TLS_CLIENT = "1.3.6.1.5.5.7.3.2";

    private VehicleCertificates() {}

    /** Who a certificate says its holder is. */
    sealed interface Identity {
        record Vehicle(VehicleId id, X509Certificate certificate) implements Identity {}

        record Nobody(String why) implements Identity {}
    }

    /** The vehicle of a certificate whose chain TLS has verified. A vendor's or server's certificate names nobody. */
    static Identity identify(Optional<X509Certificate> presented) {
        if (presented.isEmpty()) {
            return new Identity.Nobody("no client certificate");
        }
        X509Certificate certificate = presented.get();
        if (!mayBeTlsClient(certificate)) {
            return new Identity.Nobody("the certificate is not meant for TLS clients (extended key usage clientAuth)");
        }
        return commonName(certificate)
                .flatMap(VehicleId::parse)
                .<Identity>map(id -> new Identity.Vehicle(id, certificate))
                .orElseGet(() -> new Identity.Nobody("the certificate's common name is not a vehicle id"));
    }

    private static boolean mayBeTlsClient(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages != null && usages.contains(TLS_CLIENT);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            List<Rdn> names = new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .toList();
            return names.size() == 1
                    ? Optional.of(String.valueOf(names.getFirst().getValue()))
                    : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
