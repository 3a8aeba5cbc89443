package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import dev.bulkhead.agent.lifecycle.InstalledRelease;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.contract.proto.BundleRefusal;
import dev.bulkhead.contract.proto.InstalledVersion;
import dev.bulkhead.contract.proto.SignedVersionManifest;
import dev.bulkhead.contract.proto.VersionManifest;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.Signer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes and signs what is installed here, with the fleet's nonce and the attacks seen (ota.md, Trust metadata). */
final class ManifestWriter {
    private static final int MOST_DETAIL = 500;

    private final String vehicleId;
    private final PackageInstaller installer;
    private final AttackLedger attacks;
    private final Signer signer;
    private final VehicleClock clock;

    private @Nullable List<InstalledRelease> lastSaid;

    ManifestWriter(
            String vehicleId, PackageInstaller installer, AttackLedger attacks, Signer signer, VehicleClock clock) {
        this.vehicleId = vehicleId;
        this.installer = installer;
        this.attacks = attacks;
        this.signer = signer;
        this.clock = clock;
    }

    /** Whether something else is installed, or runs otherwise, than the last manifest said; false before the first. */
    boolean isStale() {
        List<InstalledRelease> said = lastSaid;
        return said != null && !said.equals(installer.installed());
    }

    SignedVersionManifest write(ByteString nonce, Optional<TrustGate.Verdict.Refused> refusal) {
        List<InstalledRelease> installed = installer.installed();
        lastSaid = installed;
        VersionManifest.Builder manifest = VersionManifest.newBuilder()
                .setVehicleId(vehicleId)
                .setNonce(nonce)
                .setUnixMs(clock.unixMillis())
                .addAllAttacks(attacks.all());
        refusal.ifPresent(why -> manifest.setRefused(
                BundleRefusal.newBuilder().setKind(why.kind()).setDetail(shortened(why.detail()))));
        installed.forEach(each -> manifest.addInstalled(version(each)));
        byte[] payload = manifest.build().toByteArray();
        return SignedVersionManifest.newBuilder()
                .setPayload(ByteString.copyFrom(payload))
                .setKeyId(signer.keyId())
                .setScheme(signer.publicKey().scheme().schemeName())
                .setSignature(ByteString.copyFrom(signer.sign(payload)))
                .build();
    }

    private static String shortened(String detail) {
        return detail.length() <= MOST_DETAIL ? detail : detail.substring(0, MOST_DETAIL);
    }

    private static InstalledVersion version(InstalledRelease installed) {
        return InstalledVersion.newBuilder()
                .setEcuId(installed.release().appId())
                .setAppId(installed.release().appId())
                .setVersion(installed.release().version())
                .setRelease(installed.release().release())
                .setPackageSha256(bytes(installed.release().packageDigest()))
                .setPackageLength(installed.length())
                .setPhase(installed.phase())
                .build();
    }

    static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
