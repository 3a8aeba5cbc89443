package dev.bulkhead.server.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.BlockReply;
import dev.bulkhead.contract.proto.BlockRequest;
import dev.bulkhead.contract.proto.BundleRefusal;
import dev.bulkhead.contract.proto.Hello;
import dev.bulkhead.contract.proto.InstalledVersion;
import dev.bulkhead.contract.proto.SignedVersionManifest;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.contract.proto.VersionManifest;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.MutualTls;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.tuf.ApprovedTarget;
import dev.bulkhead.server.broker.PahoVehicle;
import dev.bulkhead.server.broker.UplinkKind;
import dev.bulkhead.server.web.ApiToken;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.ServerClientException;
import dev.bulkhead.server.web.Views;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Stories with a real broker, a real MQTT client, a real database and real cryptography. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FleetServerTest {
    private Town town;
    private FleetServer server;
    private ServerClient client;

    @BeforeAll
    void start(@TempDir Path folder) {
        town = Town.founded(folder);
        server = town.start();
        client = town.client(server);
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private TestVehicle vehicle(String id) throws Exception {
        return TestVehicle.connect(town, server.mqttPort(), id);
    }

    @Test
    void vehiclePullsAnAssignedPackageOverMqtt() throws Exception {
        byte[] sdvapp = town.packed("acme", "com.acme.story", "1.0.0", 1, 700_000);
        Views.Release release = client.publish(sdvapp, "acme", town.role("acme"));
        assertTrue(release.published());
        try (TestVehicle car = vehicle("car-pull")) {
            assertTrue(car.target("com.acme.story").isEmpty());
            Views.Assignment assignment = client.assign("com.acme.story", Optional.empty(), List.of("car-pull"));
            car.await("wake");
            ApprovedTarget target = car.target("com.acme.story").orElseThrow();
            assertEquals(Optional.of(assignment.id()), target.assignment());
            car.report(assignment.id(), UpdateState.UPDATE_STATE_DOWNLOADING, 1, sdvapp.length);
            assertArrayEquals(sdvapp, car.pull(target, 0));
            car.report(assignment.id(), UpdateState.UPDATE_STATE_SUCCEEDED, sdvapp.length, sdvapp.length);
            Views.Assignment done = client.follow(assignment.id(), Duration.ofSeconds(20), Town.TIME, each -> {});
            assertTrue(done.finished());
            assertEquals("succeeded", done.vehicles().getFirst().state());
            assertEquals(sdvapp.length, done.vehicles().getFirst().done());
        }
    }

    @Test
    void pullGoesOnWhereItBrokeOff() throws Exception {
        byte[] sdvapp = town.packed("acme", "com.acme.resume", "1.0.0", 1, 600_000);
        client.publish(sdvapp, "acme", town.role("acme"));
        try (TestVehicle car = vehicle("car-resume")) {
            car.hello();
            client.assign("com.acme.resume", Optional.empty(), List.of("car-resume"));
        }
        try (TestVehicle car = vehicle("car-resume")) {
            ApprovedTarget target = car.target("com.acme.resume").orElseThrow();
            byte[] rest = car.pull(target, 3);
            int size = target.custom().blockSize();
            for (int i = 3 * size; i < sdvapp.length; i++) {
                assertEquals(sdvapp[i], rest[i], "byte " + i);
            }
        }
    }

    @Test
    void sendsOnlyTheBlocksOfTheBitmap() throws Exception {
        byte[] sdvapp = town.packed("acme", "com.acme.bitmap", "1.0.0", 1, 600_000);
        client.publish(sdvapp, "acme", town.role("acme"));
        try (TestVehicle car = vehicle("car-bitmap")) {
            car.hello();
            client.assign("com.acme.bitmap", Optional.empty(), List.of("car-bitmap"));
            ApprovedTarget target = car.target("com.acme.bitmap").orElseThrow();
            BlockRequest request = BlockRequest.newBuilder()
                    .setSha256(ByteString.copyFrom(target.sha256().toArray()))
                    .setBlockSize(target.custom().blockSize())
                    .setCount(4)
                    .setBitmap(ByteString.copyFrom(new byte[] {0b1010}))
                    .build();
            List<Integer> indexes = car.ask(request, 2).stream()
                    .map(reply -> reply.getBlock().getIndex())
                    .toList();
            assertEquals(List.of(1, 3), indexes);
        }
    }

    @Test
    void refusesBlocksOfFilesThatAreNotAssignedOrOutOfRange() throws Exception {
        byte[] sdvapp = town.packed("acme", "com.acme.blocks", "1.0.0", 1, 300_000);
        Views.Release release = client.publish(sdvapp, "acme", town.role("acme"));
        try (TestVehicle car = vehicle("car-blocks")) {
            car.hello();
            BlockRequest request = BlockRequest.newBuilder()
                    .setSha256(ByteString.fromHex(release.sha256()))
                    .setBlockSize(131_072)
                    .setCount(1)
                    .build();
            assertEquals("not-assigned", refusal(car.ask(request, 1)));
            client.assign("com.acme.blocks", Optional.empty(), List.of("car-blocks"));
            assertEquals(
                    "range", refusal(car.ask(request.toBuilder().setCount(65).build(), 1)));
            assertEquals(
                    "range", refusal(car.ask(request.toBuilder().setFirst(-1).build(), 1)));
            assertEquals(
                    "block-size",
                    refusal(car.ask(request.toBuilder().setBlockSize(4096).build(), 1)));
            assertEquals(
                    "unknown-file",
                    refusal(car.ask(
                            request.toBuilder()
                                    .setSha256(ByteString.copyFrom(new byte[32]))
                                    .build(),
                            1)));
        }
    }

    private static String refusal(List<BlockReply> replies) {
        return replies.getFirst().getRefusal().getReason();
    }

    @Test
    void lateJoinerInheritsWhatTheWholeFleetWasAssigned() throws Exception {
        client.publish(town.packed("acme", "com.acme.late", "1.0.0", 1, 10_000), "acme", town.role("acme"));
        client.assign("com.acme.late", Optional.empty(), List.of());
        try (TestVehicle car = vehicle("car-late")) {
            assertTrue(car.target("com.acme.late").isPresent());
        }
    }

    @Test
    void malformedPayloadIsAnsweredCountedAndRecordedAndTheVehicleGoesOn() throws Exception {
        try (TestVehicle car = vehicle("car-nonsense")) {
            byte[] nonsense = "\u00ff\u00ffnot protobuf".getBytes(StandardCharsets.ISO_8859_1);
            for (UplinkKind kind : UplinkKind.values()) {
                assertEquals(0x99, car.say(kind, nonsense), kind.toString());
            }
            assertTrue(car.connected());
            car.hello();
        }
        assertTrue(client.metrics().contains("bulkhead_incidents_total{cause=\"malformed-hello\"} 1"));
        assertTrue(awaitIncident("malformed-progress", "car-nonsense"));
    }

    @Test
    void helloInAnotherVehiclesNameIsRefused() throws Exception {
        try (TestVehicle car = vehicle("car-liar")) {
            byte[] hello = Hello.newBuilder().setVehicleId("car-victim").build().toByteArray();
            assertEquals(0x99, car.say(UplinkKind.HELLO, hello));
        }
        assertTrue(awaitIncident("malformed-hello", "car-liar"));
    }

    @Test
    void unknownCertificateIsRefusedAndRecorded(@TempDir Path elsewhere) throws Exception {
        Town stranger = Town.founded(elsewhere);
        var tls = MutualTls.context(strangerIdentity(stranger), town.keys.trustAnchor());
        assertThrows(MqttException.class, () -> PahoVehicle.connect(server.mqttPort(), "car-x", tls));
        assertTrue(awaitIncident("tls-refused", ""));
    }

    private static TlsIdentity strangerIdentity(Town stranger) {
        stranger.keys.addVehicle("car-x", Optional.empty());
        return stranger.keys.vehicle("car-x");
    }

    @Test
    void blockedVehicleIsKeptOutUntilItIsUnblocked() throws Exception {
        try (TestVehicle car = vehicle("car-blocked")) {
            car.hello();
        }
        assertTrue(client.setBlocked("car-blocked", true).blocked());
        assertThrows(MqttException.class, () -> vehicle("car-blocked"));
        client.setBlocked("car-blocked", false);
        try (TestVehicle car = vehicle("car-blocked")) {
            car.hello();
        }
    }

    @Test
    void believesAVersionManifestOnlyUnderTheVehiclesKeyAndTheNewestNonce() throws Exception {
        try (TestVehicle car = vehicle("car-manifest")) {
            FileSigner key =
                    FileSigner.read(town.keys.folder().resolve("vehicles/car-manifest/vehicle.key"), Optional.empty());
            ByteString nonce = car.hello().getManifestNonce();
            VersionManifest manifest = VersionManifest.newBuilder()
                    .setVehicleId("car-manifest")
                    .setNonce(nonce)
                    .addInstalled(InstalledVersion.newBuilder()
                            .setAppId("com.acme.installed")
                            .setVersion("1.0.0")
                            .setRelease(7)
                            .setPackageSha256(ByteString.copyFrom(new byte[32])))
                    .build();
            byte[] payload = manifest.toByteArray();
            SignedVersionManifest forged = SignedVersionManifest.newBuilder()
                    .setPayload(ByteString.copyFrom(payload))
                    .setSignature(ByteString.copyFrom(new byte[70]))
                    .build();
            car.say(UplinkKind.MANIFEST, forged);
            assertEquals(List.of(), client.vehicle("car-manifest").installed());
            assertTrue(awaitIncident("manifest-refused", "car-manifest"));
            SignedVersionManifest signed = forged.toBuilder()
                    .setSignature(ByteString.copyFrom(key.sign(payload)))
                    .build();
            car.say(UplinkKind.MANIFEST, signed);
            assertEquals(
                    7, client.vehicle("car-manifest").installed().getFirst().release());
            car.hello();
            long before = refusals("car-manifest");
            car.say(UplinkKind.MANIFEST, signed);
            assertTrue(await(() -> refusals("car-manifest") == before + 1));
        }
    }

    @Test
    void showsWhatAVehicleDidNotBelieveOnTheAssignmentAndLetsItChangeItsMind() throws Exception {
        town.publish(client, "com.acme.doubted", "1.0.0", 1);
        try (TestVehicle car = vehicle("car-doubts")) {
            car.hello();
            String id = client.assign("com.acme.doubted", Optional.empty(), List.of("car-doubts"))
                    .id();
            FileSigner key =
                    FileSigner.read(town.keys.folder().resolve("vehicles/car-doubts/vehicle.key"), Optional.empty());
            ByteString payload = VersionManifest.newBuilder()
                    .setVehicleId("car-doubts")
                    .setNonce(car.hello().getManifestNonce())
                    .setRefused(
                            BundleRefusal.newBuilder().setKind("freeze").setDetail("director timestamp.json: expired"))
                    .build()
                    .toByteString();
            car.say(
                    UplinkKind.MANIFEST,
                    SignedVersionManifest.newBuilder()
                            .setPayload(payload)
                            .setSignature(ByteString.copyFrom(key.sign(payload.toByteArray())))
                            .build());
            Views.Action action = client.assignment(id).vehicles().getFirst();
            assertEquals("refused", action.state());
            assertEquals("freeze", action.reason());
            assertEquals("director timestamp.json: expired", action.detail());
            car.report(id, UpdateState.UPDATE_STATE_DOWNLOADING, 1, 10);
            assertEquals(
                    "downloading", client.assignment(id).vehicles().getFirst().state());
        }
    }

    @Test
    void holdsAManifestAgainstWhatWasPublished() throws Exception {
        Views.Release published = town.publish(client, "com.acme.listed", "1.0.0", 1);
        try (TestVehicle car = vehicle("car-inventory")) {
            car.say(
                    UplinkKind.MANIFEST,
                    manifest(car, "com.acme.listed", HexFormat.of().parseHex(published.sha256())));
            car.say(UplinkKind.MANIFEST, manifest(car, "com.acme.listed", new byte[32]));
            assertTrue(awaitIncident("unknown-software", "car-inventory"));
            car.say(UplinkKind.MANIFEST, manifest(car, "com.acme.listed", new byte[32]));
            car.say(UplinkKind.MANIFEST, manifest(car, "com.nobody.knows", new byte[32]));
            assertTrue(await(() -> unknownSoftware("car-inventory").size() == 2), "said once each");
            assertTrue(unknownSoftware("car-inventory").stream().anyMatch(each -> each.contains("com.nobody.knows")));
            assertTrue(unknownSoftware("car-inventory").stream().anyMatch(each -> each.contains("com.acme.listed")));
        }
    }

    private SignedVersionManifest manifest(TestVehicle car, String appId, byte[] sha256) throws Exception {
        FileSigner key =
                FileSigner.read(town.keys.folder().resolve("vehicles/" + car.id + "/vehicle.key"), Optional.empty());
        ByteString payload = VersionManifest.newBuilder()
                .setVehicleId(car.id.value())
                .setNonce(car.hello().getManifestNonce())
                .addInstalled(InstalledVersion.newBuilder()
                        .setEcuId(appId)
                        .setAppId(appId)
                        .setVersion("1.0.0")
                        .setRelease(1)
                        .setPackageSha256(ByteString.copyFrom(sha256)))
                .build()
                .toByteString();
        return SignedVersionManifest.newBuilder()
                .setPayload(payload)
                .setSignature(ByteString.copyFrom(key.sign(payload.toByteArray())))
                .build();
    }

    private List<String> unknownSoftware(String vehicle) {
        return client.incidents(1000).stream()
                .filter(each -> each.cause().equals("unknown-software")
                        && each.vehicleId().equals(vehicle))
                .map(Views.Incident::detail)
                .toList();
    }

    @Test
    void knowsWhichRootsAVehicleBelieves() throws Exception {
        try (TestVehicle car = vehicle("car-roots")) {
            car.hello();
            assertEquals(1, client.vehicle("car-roots").directorRoot());
            assertEquals(1, client.vehicle("car-roots").imageRoot());
        }
    }

    private long refusals(String vehicle) {
        return client.incidents(1000).stream()
                .filter(each -> each.cause().equals("manifest-refused")
                        && each.vehicleId().equals(vehicle))
                .count();
    }

    @Test
    void refusesATamperedPackageWithTheCause() {
        byte[] sdvapp = town.packed("acme", "com.acme.tampered", "1.0.0", 1, 50_000);
        byte[] tampered = sdvapp.clone();
        tampered[tampered.length / 2] ^= 1;
        ServerClientException refused = assertThrows(ServerClientException.class, () -> client.upload(tampered));
        assertEquals(422, refused.status());
        assertEquals("digest-mismatch", refused.word());
    }

    @Test
    void refusesADowngradeAndTheSameVersionWithOtherContent() {
        client.publish(town.packed("acme", "com.acme.counter", "2.0.0", 5, 1_000), "acme", town.role("acme"));
        assertEquals("downgrade", refusedUpload(town.packed("acme", "com.acme.counter", "2.0.1", 4, 1_000)));
        assertEquals("downgrade", refusedUpload(town.packed("acme", "com.acme.counter", "2.0.1", 5, 1_000)));
        assertEquals("version-taken", refusedUpload(town.packed("acme", "com.acme.counter", "2.0.0", 6, 1_000)));
    }

    @Test
    void refusesAnAppOutsideTheVendorsPrefix() {
        assertEquals("prefix", refusedUpload(town.packed("acme", "com.rival.app", "1.0.0", 1, 1_000)));
    }

    @Test
    void refusesWhatIsNoPackage() {
        refusedUpload("nonsense".getBytes(StandardCharsets.UTF_8));
    }

    private String refusedUpload(byte[] sdvapp) {
        return assertThrows(ServerClientException.class, () -> client.upload(sdvapp))
                .word();
    }

    @Test
    void takesTheSamePackageTwice() {
        byte[] sdvapp = town.packed("acme", "com.acme.twice", "1.0.0", 1, 1_000);
        client.publish(sdvapp, "acme", town.role("acme"));
        assertTrue(client.publish(sdvapp, "acme", town.role("acme")).published());
    }

    @Test
    void refusesAVendorsRoleSignedByAnotherVendor() {
        town.addVendor("rival", "com.rival");
        byte[] sdvapp = town.packed("rival", "com.rival.mine", "1.0.0", 1, 1_000);
        ServerClientException refused =
                assertThrows(ServerClientException.class, () -> client.publish(sdvapp, "rival", town.role("acme")));
        assertEquals("arbitrary-software", refused.word());
        assertTrue(client.publish(sdvapp, "rival", town.role("rival")).published());
    }

    @Test
    void refusesToAssignWhatIsNotPublishedOrToWhomNobodyKnows() {
        client.upload(town.packed("acme", "com.acme.staged", "1.0.0", 1, 1_000));
        assertEquals("unknown-release", refusedOrder("com.acme.staged", List.of()));
        town.publish(client, "com.acme.known", "1.0.0", 1);
        assertEquals("unknown-vehicle", refusedOrder("com.acme.known", List.of("nobody")));
    }

    @Test
    void refusesToAssignADowngrade() throws Exception {
        town.publish(client, "com.acme.down", "1.0.0", 1);
        town.publish(client, "com.acme.down", "1.1.0", 2);
        try (TestVehicle car = vehicle("car-down")) {
            car.hello();
        }
        client.assign("com.acme.down", Optional.of("1.1.0"), List.of("car-down"));
        ServerClientException refused = assertThrows(
                ServerClientException.class,
                () -> client.assign("com.acme.down", Optional.of("1.0.0"), List.of("car-down")));
        assertEquals("downgrade", refused.word());
        assertFalse(refused.hint().isEmpty());
    }

    private String refusedOrder(String appId, List<String> vehicles) {
        return assertThrows(ServerClientException.class, () -> client.assign(appId, Optional.empty(), vehicles))
                .word();
    }

    @Test
    void asksForTheToken() {
        try (ServerClient stranger = town.client(server.webPort(), new ApiToken("x".repeat(43)))) {
            assertEquals(
                    401,
                    assertThrows(ServerClientException.class, stranger::apps).status());
        }
    }

    private boolean awaitIncident(String cause, String vehicle) throws InterruptedException {
        return await(() -> client.incidents(1000).stream()
                .anyMatch(each -> each.cause().equals(cause) && each.vehicleId().equals(vehicle)));
    }

    /** What is written by another thread a moment later. */
    private static boolean await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        return condition.getAsBoolean();
    }
}
