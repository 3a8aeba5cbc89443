package dev.bulkhead.simulator.main;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import dev.bulkhead.agent.main.Agent;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.keys.CertificateAuthority;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.security.policy.VendorCeiling;
import dev.bulkhead.security.signing.PackageSigner;
import dev.bulkhead.security.signing.PackageStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The OEM and the vendors of a simulation: keys made on the spot from the world's seed, for packages that only this
 * simulated vehicle trusts. Signing and checking are the real ones.
 */
final class VirtualVendors {
    private static final Duration VALIDITY = Duration.ofDays(3650);

    private final VehiclePolicy policy;
    private final SecureRandom random;
    private final CertificateAuthority oem;

    VirtualVendors(VehiclePolicy policy, InstantSource time, SecureRandom random) {
        this.policy = policy;
        this.random = random;
        this.oem = CertificateAuthority.newRoot(
                FileSigner.generate(KeyScheme.ED25519, random), "Simulated OEM", VALIDITY, time, random);
    }

    TrustAnchor trust() {
        return new TrustAnchor(oem.certificate());
    }

    /**
     * Signs a package as the vendor that owns its app id.
     *
     * @return the bytes of the signed package
     * @throws IllegalArgumentException when the policy knows no vendor for it
     */
    byte[] sign(AppPackage unsigned) {
        Manifest manifest = ManifestParser.parse(unsigned.manifest().bytes(), "app.toml");
        VendorCeiling owner = owner(manifest.app().id().text());
        FileSigner key = FileSigner.generate(KeyScheme.ED25519, random);
        X509Certificate certificate =
                oem.issueVendor(new VendorIdentity(owner.vendor(), owner.prefix()), key.publicKey(), VALIDITY);
        byte[] envelope = new PackageSigner(key, List.of(certificate))
                .sign(PackageStatement.of(unsigned))
                .encode();
        return PackageWriter.write(unsigned.signedBy(envelope));
    }

    /**
     * Signs an app and installs it in a running agent.
     *
     * @throws IllegalStateException saying why it was refused
     */
    void install(AppPackage unsigned, Agent agent, Path folder) {
        Manifest manifest = ManifestParser.parse(unsigned.manifest().bytes(), "app.toml");
        byte[] signed = sign(unsigned);
        ReleaseRef release = new ReleaseRef(
                manifest.app().id().text(),
                manifest.app().version().toString(),
                manifest.app().release(),
                Digest.of(signed).hex());
        try {
            Path file = Files.write(folder.resolve(release.appId() + ".sdvapp"), signed);
            if (agent.installer().install(InstallOrder.fromFleet("virtual-" + release.appId(), release), file)
                    instanceof InstallReceipt.Refused refused) {
                throw new IllegalStateException(
                        release + " was refused (" + refused.reason() + "): " + refused.detail());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private VendorCeiling owner(String appId) {
        return policy.vendors().stream()
                .filter(vendor -> vendor.owns(appId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the vehicle policy \"" + policy.name() + "\" knows no vendor for " + appId));
    }
}
