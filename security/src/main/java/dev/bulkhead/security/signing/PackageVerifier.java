package dev.bulkhead.security.signing;

import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.ChainVerdict;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.keys.VerificationKey;
import dev.bulkhead.security.signing.Verdict.Reason;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Decides who signed a package and whether they were allowed to. Never throws for what a package says. */
public final class PackageVerifier {
    private final Supplier<TrustAnchor> anchor;
    private final InstantSource time;
    private final Supplier<Set<String>> revokedKeyIds;

    /** A verifier that knows of no revoked vendor. */
    public PackageVerifier(TrustAnchor anchor, InstantSource time) {
        this(() -> anchor, time, Set::of);
    }

    /**
     * @param anchor asked at each check, as {@code revokedKeyIds} is
     * @param revokedKeyIds key ids of vendor keys the OEM has withdrawn, asked at each check, on the thread of whoever
     *     checks
     */
    public PackageVerifier(Supplier<TrustAnchor> anchor, InstantSource time, Supplier<Set<String>> revokedKeyIds) {
        this.anchor = anchor;
        this.time = time;
        this.revokedKeyIds = revokedKeyIds;
    }

    /** Checks a package in hand against its own signature. */
    public Verdict verify(AppPackage app) {
        if (app.signature().isEmpty()) {
            return refuse(Reason.UNSIGNED, "the package carries no signature");
        }
        try {
            return verify(app.signature().get().bytes(), PackageStatement.of(app));
        } catch (ContractException e) {
            return refuse(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Checks an envelope against what the package really contains.
     *
     * @param envelope bytes of the DSSE envelope
     * @param actual what was computed from the package in hand
     */
    public Verdict verify(byte[] envelope, PackageStatement actual) {
        Verdict verdict = verify(envelope);
        return verdict instanceof Verdict.Trusted trusted ? compare(trusted, actual) : verdict;
    }

    /** Checks signature and vendor only; whoever calls this compares the statement with the package. */
    public Verdict verify(byte[] envelope) {
        if (envelope.length > Envelope.MAX_BYTES) {
            return refuse(Reason.TOO_LARGE, "envelope of " + envelope.length + " bytes, limit " + Envelope.MAX_BYTES);
        }
        try {
            return verify(Envelope.decode(envelope));
        } catch (EnvelopeException | KeyException e) {
            return refuse(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private Verdict verify(Envelope envelope) {
        if (!envelope.payloadType().equals(PackageStatement.PAYLOAD_TYPE)) {
            return refuse(Reason.WRONG_PAYLOAD_TYPE, "\"" + envelope.payloadType() + "\" is not a package statement");
        }
        if (envelope.signatures().isEmpty()) {
            return refuse(Reason.UNSIGNED, "the envelope has no signature");
        }
        Verdict first = verify(envelope, envelope.signatures().getFirst());
        for (Envelope.Signature other :
                envelope.signatures().subList(1, envelope.signatures().size())) {
            if (first instanceof Verdict.Trusted) {
                return first;
            }
            Verdict verdict = verify(envelope, other);
            first = verdict instanceof Verdict.Trusted ? verdict : first;
        }
        return first;
    }

    private Verdict verify(Envelope envelope, Envelope.Signature signature) {
        List<X509Certificate> chain = new ArrayList<>();
        signature.chain().forEach(der -> chain.add(Certificates.parse(der.toArray(), "vendor certificate")));
        return switch (anchor.get().checkVendor(chain, time.instant())) {
            case ChainVerdict.Refused refused -> refuse(reason(refused.problem()), refused.detail());
            case ChainVerdict.Trusted trusted -> verify(envelope, signature, trusted.leaf());
        };
    }

    private Verdict verify(Envelope envelope, Envelope.Signature signature, X509Certificate leaf) {
        VerificationKey key = Certificates.publicKey(leaf);
        VendorIdentity vendor = TrustAnchor.vendor(leaf).orElseThrow();
        if (revokedKeyIds.get().contains(key.keyId())) {
            return refuse(Reason.REVOKED_VENDOR, "the key " + key.keyId() + " of " + vendor.vendor() + " is revoked");
        }
        if (!key.verify(envelope.signedBytes(), signature.signature().toArray())) {
            return refuse(Reason.BAD_SIGNATURE, "the signature of " + vendor.vendor() + " does not hold");
        }
        PackageStatement statement = StatementCodec.decode(envelope.payload());
        if (!vendor.owns(statement.appId())) {
            return refuse(
                    Reason.APP_OUTSIDE_PREFIX,
                    vendor.vendor() + " owns " + vendor.appIdPrefix() + ", not " + statement.appId());
        }
        return new Verdict.Trusted(vendor, key.keyId(), statement);
    }

    private static Verdict compare(Verdict.Trusted trusted, PackageStatement actual) {
        PackageStatement signed = trusted.statement();
        if (!signed.packageDigest().equals(actual.packageDigest())) {
            return differs(
                    "package",
                    signed.packageDigest().hex(),
                    actual.packageDigest().hex());
        }
        if (!signed.moduleDigest().equals(actual.moduleDigest())) {
            return differs(
                    "module", signed.moduleDigest().hex(), actual.moduleDigest().hex());
        }
        if (!signed.manifestDigest().equals(actual.manifestDigest())) {
            return differs(
                    "manifest",
                    signed.manifestDigest().hex(),
                    actual.manifestDigest().hex());
        }
        return signed.equals(actual)
                ? trusted
                : refuse(Reason.IDENTITY_DIFFERS, "signed as " + identity(signed) + ", is " + identity(actual));
    }

    private static String identity(PackageStatement statement) {
        return statement.appId() + " " + statement.version() + " release " + statement.release();
    }

    private static Verdict differs(String what, String signed, String actual) {
        return refuse(Reason.DIGESTS_DIFFER, what + " digest: signed " + signed + ", is " + actual);
    }

    private static Reason reason(ChainVerdict.Problem problem) {
        return switch (problem) {
            case EXPIRED, NOT_YET_VALID -> Reason.EXPIRED_CERTIFICATE;
            case MALFORMED, UNTRUSTED, PATH_TOO_LONG, WRONG_PURPOSE -> Reason.UNKNOWN_VENDOR;
        };
    }

    private static Verdict refuse(Reason reason, String detail) {
        return new Verdict.Refused(reason, detail);
    }
}
