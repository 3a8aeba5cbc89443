package dev.bulkhead.server.identity;

import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.CertificateRequest;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.ChainVerdict;
import dev.bulkhead.security.keys.ChannelBinding;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.server.broker.BrokerIncidents;
import dev.bulkhead.server.broker.BrokerIncidents.Refusal;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.identity.EnrolmentOutcome.Issued;
import dev.bulkhead.server.identity.EnrolmentOutcome.Problem;
import dev.bulkhead.server.identity.EnrolmentOutcome.Refused;
import dev.bulkhead.server.store.CertificateRow;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.Transaction;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives vehicles their short-lived certificates (RFC 7030 sections 4.2.1 and 4.2.2). A vehicle gets one for the id that the
 * certificate it shows names, and for no other. Thread-safe.
 */
public final class Enrolment {
    private static final int MOST_AN_HOUR = 30;
    private static final Duration KEPT_AFTER_END = Duration.ofDays(30);

    private final Database database;
    private final CertificateAuthority authority;
    private final TrustAnchor anchor;
    private final List<X509Certificate> roots;
    private final Admission admission;
    private final Duration lifetime;
    private final BrokerIncidents incidents;
    private final InstantSource time;

    /**
     * @param authority signs; at most a vehicle can be made with it
     * @param anchor what a vehicle's chain must lead to
     * @param roots what vehicles build their chains up to
     * @param lifetime of a certificate, 10 s to 400 days
     * @param incidents told of every refusal
     * @param time of the machine: TLS goes by it too
     */
    public Enrolment(
            Database database,
            CertificateAuthority authority,
            TrustAnchor anchor,
            List<X509Certificate> roots,
            Admission admission,
            Duration lifetime,
            BrokerIncidents incidents,
            InstantSource time) {
        if (lifetime.toSeconds() < 10 || lifetime.toDays() > 400) {
            throw new IllegalArgumentException("certificates of " + lifetime + ": allowed are 10 s to 400 days");
        }
        this.database = database;
        this.authority = authority;
        this.anchor = anchor;
        this.roots = List.copyOf(roots);
        this.admission = admission;
        this.lifetime = lifetime;
        this.incidents = incidents;
        this.time = time;
    }

    /** The certificates a vehicle builds its chain from: root and authorities ({@code cacerts}, RFC 7030 section 4.1). */
    public List<X509Certificate> authorities() {
        List<X509Certificate> certificates = new ArrayList<>(roots);
        certificates.addAll(admission.authorities());
        return certificates;
    }

    /**
     * Answers {@code simpleenroll}: for a vehicle that shows its bootstrap certificate, or one that is still good.
     *
     * @param request PKCS#10
     */
    public EnrolmentOutcome first(Caller caller, byte[] request) {
        return answer(caller, request, false);
    }

    /** Answers {@code simplereenroll}: for a vehicle that shows the certificate it wants to follow. */
    public EnrolmentOutcome renewal(Caller caller, byte[] request) {
        return answer(caller, request, true);
    }

    private EnrolmentOutcome answer(Caller caller, byte[] request, boolean renewal) {
        if (caller.shown().isEmpty()) {
            return new Refused(
                    Problem.UNIDENTIFIED, "show a vehicle's certificate: the bootstrap one, or the present one");
        }
        if (!(anchor.checkVehicle(caller.shown(), time.instant()) instanceof ChainVerdict.Trusted trusted)) {
            return new Refused(Problem.UNIDENTIFIED, "the certificate shown is not one of a vehicle of this maker");
        }
        Optional<VehicleId> vehicle = VehicleId.parse(Certificates.commonName(trusted.leaf()));
        if (vehicle.isEmpty()) {
            return new Refused(Problem.UNIDENTIFIED, "the certificate's common name is not a vehicle id");
        }
        EnrolmentOutcome outcome = renewal && Certificates.isBootstrap(trusted.leaf())
                ? new Refused(Problem.NOT_ENTITLED, "a bootstrap certificate is not renewed: use simpleenroll")
                : issue(vehicle.get(), trusted.leaf(), request, caller.connection());
        if (outcome instanceof Refused refused) {
            incidents.refused(new Refusal(vehicle, "enrol", refused.detail()));
        }
        return outcome;
    }

    private EnrolmentOutcome issue(
            VehicleId vehicle, X509Certificate shown, byte[] request, Optional<ChannelBinding> connection) {
        CertificateRequest wanted;
        try {
            wanted = CertificateRequest.parse(request);
        } catch (KeyException e) {
            return new Refused(Problem.MALFORMED, String.valueOf(e.getMessage()));
        }
        if (!wanted.vehicleId().equals(vehicle.value())) {
            return new Refused(
                    Problem.NOT_ENTITLED,
                    "vehicle " + vehicle + " asks for a certificate of vehicle " + wanted.vehicleId());
        }
        if (!connection.map(each -> each.isOf(wanted)).orElse(false)) {
            return new Refused(
                    Problem.NOT_ENTITLED,
                    "the request was not made for this connection: its challenge password is to be the base64 of"
                            + " tls-exporter (RFC 9266)");
        }
        return database.write(tx -> issue(tx, vehicle, shown, wanted));
    }

    private EnrolmentOutcome issue(
            Transaction tx, VehicleId vehicle, X509Certificate shown, CertificateRequest wanted) {
        Optional<String> objection = admission.objection(tx, vehicle.value(), shown);
        if (objection.isPresent()) {
            return new Refused(Problem.NOT_ENTITLED, objection.get());
        }
        long now = time.millis();
        if (tx.certificates()
                        .issuedSince(vehicle.value(), now - Duration.ofHours(1).toMillis())
                >= MOST_AN_HOUR) {
            return new Refused(
                    Problem.TOO_MANY,
                    "vehicle " + vehicle + " was given " + MOST_AN_HOUR + " certificates within an hour");
        }
        X509Certificate certificate = authority.issueVehicle(vehicle.value(), wanted.key(), lifetime);
        tx.vehicles().seen(vehicle.value(), now);
        tx.certificates().forgetEnded(vehicle.value(), now - KEPT_AFTER_END.toMillis());
        tx.certificates()
                .add(new CertificateRow(
                        Certificates.serial(certificate),
                        vehicle.value(),
                        now,
                        certificate.getNotAfter().toInstant().toEpochMilli(),
                        0,
                        ""));
        return new Issued(certificate);
    }
}
