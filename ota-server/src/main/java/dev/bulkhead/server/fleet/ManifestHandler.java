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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
        List<String> strange = new ArrayList<>();
        long attacksUntil = parts.database().write(tx -> {
            long known = tx.vehicles().attackAt(vehicle.value());
            strange.addAll(strange(tx, vehicle.value(), installed.values()));
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
        strange.forEach(what -> parts.incidents().record(vehicle.value(), "unknown-software", what));
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
            Parse.require(
                    app.getEcuId().isEmpty() || app.getEcuId().equals(app.getAppId()),
                    "an app's slot is its ECU: the manifest names ECU " + app.getEcuId() + " for app "
                            + app.getAppId());
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

    /**
     * What a vehicle says it runs and the fleet has never published so, as far as that is news: an app that was loaded
     * beside the fleet, or a package that is not what its name says.
     */
    private static List<String> strange(Transaction tx, String vehicleId, Collection<InstalledRow> installed) {
        Map<String, String> known = tx.vehicles().installed(vehicleId).stream()
                .collect(Collectors.toMap(InstalledRow::appId, InstalledRow::sha256));
        List<String> strange = new ArrayList<>();
        for (InstalledRow app : installed) {
            boolean isNews = !app.sha256().equals(known.get(app.appId()));
            if (isNews && !isPublished(tx, app)) {
                strange.add(app.appId() + " " + app.version() + " (release " + app.counter() + ") with package "
                        + app.sha256() + " is installed, which was never published here");
            }
        }
        return strange;
    }

    private static boolean isPublished(Transaction tx, InstalledRow app) {
        return tx.releases()
                .find(app.appId(), app.version())
                .filter(release -> release.published()
                        && release.counter() == app.counter()
                        && release.sha256().equals(app.sha256()))
                .isPresent();
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
