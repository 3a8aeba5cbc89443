package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.AuthoritySuccession;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TlsIdentity;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The OEM's X.509 authorities following one another. What vehicles are to believe is said in the image root, which they follow
 * step by step; on the line a new root is believed before that, because the old one vouches for it. Not for concurrent use.
 */
public final class OemCeremony {
    /** An authority that can be followed by another. */
    public enum Authority {
        /** Signs vendors and the other authorities. */
        OEM_ROOT("oem-root"),
        /** Signs servers, and vehicles' first and bootstrap certificates. */
        OEM_FLEET("oem-fleet");

        private final String word;

        Authority(String word) {
            this.word = word;
        }

        /** As commands spell it. */
        public String word() {
            return word;
        }
    }

    private final KeyDirectory keys;
    private final TrustCeremony ceremony;
    private final InstantSource time;
    private final AuthoritySuccession succession;

    /** @param keys an initialised key directory, the same as the ceremony's */
    public OemCeremony(KeyDirectory keys, TrustCeremony ceremony, InstantSource time) {
        this.keys = keys;
        this.ceremony = ceremony;
        this.time = time;
        this.succession = keys.succession();
    }

    /**
     * Makes the next one; both count until {@link #retire}. What was interrupted is taken up again. Afterwards the server takes
     * the files in.
     *
     * @param passphrase of the OEM root key, the fleet authority's and the image root's
     */
    public void rotate(Authority authority, Optional<char[]> passphrase) {
        switch (authority) {
            case OEM_ROOT -> {
                succession.beginRoot(passphrase);
                say(new OemTrust(keys.trustAnchor().roots(), withdrawn()), passphrase);
                succession.completeRoot(passphrase);
            }
            case OEM_FLEET -> succession.replaceFleet(passphrase);
        }
    }

    /**
     * Takes those before the present one back. What was interrupted is taken up again.
     *
     * @throws KeyException when there is none before the present one
     */
    public void retire(Authority authority, Optional<char[]> passphrase) {
        OemTrust after = afterRetirement(authority);
        say(after, passphrase);
        switch (authority) {
            case OEM_ROOT -> succession.retireRoots();
            case OEM_FLEET -> succession.retireFleets();
        }
    }

    /** What {@link #rotate} would do; signs nothing that is kept. */
    public RotationForecast forecastRotation(
            Authority authority, Map<String, Long> imageRoots, Optional<char[]> passphrase) {
        return switch (authority) {
            case OEM_ROOT -> {
                List<X509Certificate> roots = new ArrayList<>(List.of(stranger()));
                roots.addAll(keys.trustAnchor().roots());
                yield walk(new OemTrust(roots, withdrawn()), imageRoots, passphrase);
            }
            case OEM_FLEET -> new RotationForecast(ceremony.newestImageRoot().version(), Map.of());
        };
    }

    /**
     * What {@link #retire} would do; signs nothing that is kept. A vehicle is left behind when it cannot follow the image
     * roots, or when its bootstrap identity would open no door any more.
     */
    public RotationForecast forecastRetirement(
            Authority authority, Map<String, Long> imageRoots, Optional<char[]> passphrase) {
        RotationForecast walked = walk(afterRetirement(authority), imageRoots, passphrase);
        if (authority == Authority.OEM_ROOT) {
            return walked;
        }
        Map<String, String> leftBehind = new TreeMap<>(walked.leftBehind());
        for (String vehicle : keys.vehicles()) {
            if (keys.bootstrap(vehicle).filter(this::isOfARetiringFleet).isPresent()) {
                leftBehind.putIfAbsent(
                        vehicle,
                        "its bootstrap identity is of the authority that goes: it lives on while it renews in time;"
                                + " bulkhead keys vehicle " + vehicle + " --replace makes another");
            }
        }
        return new RotationForecast(walked.newVersion(), leftBehind);
    }

    private boolean isOfARetiringFleet(TlsIdentity identity) {
        X509Certificate leaf = identity.chain().getFirst();
        return succession.retiringFleets().stream().anyMatch(fleet -> Certificates.isIssuedBy(leaf, fleet));
    }

    private RotationForecast walk(OemTrust next, Map<String, Long> imageRoots, Optional<char[]> passphrase) {
        List<RoleFile> after = new ArrayList<>(ceremony.imageRoots());
        after.add(ceremony.nextImageRoot(next, passphrase));
        return RotationForecast.of(after, imageRoots, time.instant());
    }

    private OemTrust afterRetirement(Authority authority) {
        List<X509Certificate> roots = keys.trustAnchor().roots();
        return switch (authority) {
            case OEM_ROOT -> {
                if (roots.size() < 2) {
                    throw new KeyException("no OEM root is before the present one; rotate oem-root makes the next");
                }
                yield new OemTrust(List.of(roots.getFirst()), withdrawn());
            }
            case OEM_FLEET -> {
                List<X509Certificate> retiring = succession.retiringFleets();
                if (retiring.isEmpty()) {
                    throw new KeyException(
                            "no fleet authority is before the present one; rotate oem-fleet makes the next");
                }
                Set<String> withdrawn = new TreeSet<>(withdrawn());
                retiring.forEach(
                        fleet -> withdrawn.add(Certificates.publicKey(fleet).keyId()));
                yield new OemTrust(roots, withdrawn);
            }
        };
    }

    private Set<String> withdrawn() {
        return ceremony.newestImageRoot().oem().map(OemTrust::withdrawn).orElse(Set.of());
    }

    private void say(OemTrust trust, Optional<char[]> passphrase) {
        if (!ceremony.newestImageRoot().oem().equals(Optional.of(trust))) {
            ceremony.keepImageRoot(ceremony.nextImageRoot(trust, passphrase));
        }
    }

    /** In the next root's place, for a rehearsal. */
    private X509Certificate stranger() {
        SecureRandom random = new SecureRandom();
        return CertificateAuthority.newRoot(
                        FileSigner.generate(KeyScheme.ECDSA_P256, random),
                        Certificates.commonName(keys.trustAnchor().certificate()),
                        KeyDirectory.Validity.USUAL.authority(),
                        time,
                        random)
                .certificate();
    }
}
