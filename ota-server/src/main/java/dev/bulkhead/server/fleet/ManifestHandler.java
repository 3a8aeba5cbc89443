package dev.bulkhead.server.fleet;

import dev.bulkhead.contract.proto.AttackReport;
import dev.bulkhead.contract.proto.InstalledVersion;
import dev.bulkhead.contract.proto.SignedVersionManifest;
import dev.bulkhead.contract.proto.VersionManifest;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.VerificationKey;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.InstalledRow;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A vehicle says under its signature what is installed (ota.md, Trust metadata). Believed only when the key of its TLS
 * certificate signed it and it carries the nonce of the last bundle: an old manifest played again changes nothing.
 */
final class ManifestHandler implements MessageHandler {
    private static final int MOST_APPS = 1_024;
    private static final int MOST_ATTACKS = 256;
    private static final int SHA256_BYTES = 32;
    private static final int MOST_TEXT = 500;

    private final FleetParts parts;

    ManifestHandler(FleetParts parts) {
        this.parts = parts;
    }

    @Override
    public void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException {
        SignedVersionManifest signed = Parse.message(SignedVersionManifest.parser(), "SignedVersionManifest", payload);
        byte[] content = signed.getPayload().toByteArray();
        VersionManifest manifest = Parse.message(VersionManifest.parser(), "VersionManifest", content);
        Map<String, InstalledRow> installed = installed(manifest);
        Optional<String> objection = parts.database().read(tx -> objection(tx, vehicle.value(), signed, manifest));
        if (objection.isPresent()) {
            parts.incidents().record(vehicle.value(), "manifest-refused", objection.get());
            return;
        }
        long attacksUntil = parts.database().write(tx -> {
            long known = tx.vehicles().attackAt(vehicle.value());
            tx.vehicles()
                    .setInstalled(
                            vehicle.value(),
                            List.copyOf(installed.values()),
                            parts.time().millis());
            manifest.getAttacksList().stream()
                    .mapToLong(AttackReport::getUnixMs)
                    .max()
                    .ifPresent(newest -> tx.vehicles().setAttackAt(vehicle.value(), Math.max(known, newest)));
            return known;
        });
        recordAttacks(vehicle, manifest, attacksUntil);
        if (manifest.hasRefused()) {
            parts.assignments()
                    .refused(
                            vehicle.value(),
                            shortened(manifest.getRefused().getKind()),
                            shortened(manifest.getRefused().getDetail()));
        }
        parts.assignments().changes().signal();
    }

    private static Optional<String> objection(
            Transaction tx, String vehicleId, SignedVersionManifest signed, VersionManifest manifest) {
        if (!manifest.getVehicleId().equals(vehicleId)) {
            return Optional.of("it is of vehicle " + manifest.getVehicleId());
        }
        String pem = tx.vehicles().find(vehicleId).map(VehicleRow::publicKey).orElse("");
        byte[] content = signed.getPayload().toByteArray();
        boolean holds = !pem.isEmpty()
                && new VerificationKey(KeyScheme.ECDSA_P256, pem)
                        .verify(content, signed.getSignature().toByteArray());
        if (!holds) {
            return Optional.of("its signature does not hold under the key of the vehicle's certificate");
        }
        byte[] expected = tx.vehicles().manifestNonce(vehicleId).orElse(new byte[0]);
        return Arrays.equals(expected, manifest.getNonce().toByteArray())
                ? Optional.empty()
                : Optional.of("its nonce is not that of the last metadata bundle: it is old, or played again");
    }

    private static Map<String, InstalledRow> installed(VersionManifest manifest) throws MalformedMessageException {
        Parse.require(
                manifest.getInstalledCount() <= MOST_APPS && manifest.getAttacksCount() <= MOST_ATTACKS,
                "a manifest has at most " + MOST_APPS + " apps and " + MOST_ATTACKS + " attacks");
        Map<String, InstalledRow> rows = new TreeMap<>();
        for (InstalledVersion app : manifest.getInstalledList()) {
            Parse.require(
                    app.getPackageSha256().size() == SHA256_BYTES && app.getRelease() > 0,
                    "an installed app has a package hash and a release");
            rows.put(
                    app.getAppId(),
                    new InstalledRow(
                            app.getAppId(),
                            app.getVersion(),
                            app.getRelease(),
                            HexFormat.of().formatHex(app.getPackageSha256().toByteArray()),
                            app.getPhase()));
        }
        return rows;
    }

    private static String shortened(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT);
    }

    /** A vehicle repeats what it saw in each manifest; only what is new is recorded. */
    private void recordAttacks(VehicleId vehicle, VersionManifest manifest, long known) {
        for (AttackReport attack : manifest.getAttacksList()) {
            if (attack.getUnixMs() > known) {
                parts.incidents()
                        .record(vehicle.value(), "attack-reported", attack.getKind() + ": " + attack.getDetail());
            }
        }
    }
}
