package dev.bulkhead.server.fleet;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.Attribute;
import dev.bulkhead.contract.proto.Hello;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.security.tuf.MetadataUnavailableException;
import dev.bulkhead.server.broker.Downlink;
import dev.bulkhead.server.broker.DownlinkKind;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.campaign.Assignments;
import dev.bulkhead.server.repository.MetadataBundles;
import dev.bulkhead.server.store.AuditViewsTable;
import dev.bulkhead.server.store.CheckpointTable;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.Transaction;
import dev.bulkhead.server.store.VehicleRow;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vehicle says hello and asks what it should run: it becomes known, inherits what the fleet was assigned, and gets the
 * metadata it lacks.
 */
final class HelloHandler implements MessageHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HelloHandler.class);
    private static final Duration ANSWER_EXPIRES = Duration.ofMinutes(2);
    private static final int MOST_ATTRIBUTES = 64;
    private static final int LONGEST_ATTRIBUTE = 256;
    private static final int NONCE_BYTES = 16;
    private static final int LONGEST_NONCE = 64;
    /** A vehicle names the verifier key of its audit log here; the first one is pinned. */
    private static final String AUDIT_KEY = "audit-key";

    private final Database database;
    private final MetadataBundles bundles;
    private final Assignments assignments;
    private final Supplier<Downlink> downlink;
    private final IncidentLog incidents;
    private final InstantSource time;
    private final SecureRandom random;

    HelloHandler(FleetParts parts, MetadataBundles bundles, SecureRandom random) {
        this.database = parts.database();
        this.bundles = bundles;
        this.assignments = parts.assignments();
        this.downlink = parts.downlink();
        this.incidents = parts.incidents();
        this.time = parts.time();
        this.random = random;
    }

    @Override
    public void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException {
        Hello hello = Parse.message(Hello.parser(), "Hello", payload);
        Parse.require(
                hello.getVehicleId().equals(vehicle.value()),
                "the hello names vehicle " + hello.getVehicleId() + ", the certificate " + vehicle);
        Parse.require(hello.getNonce().size() <= LONGEST_NONCE, "a nonce has at most " + LONGEST_NONCE + " bytes");
        Map<String, String> attributes = attributes(hello);
        Optional<MetadataBundle> answer = database.write(tx -> answer(tx, vehicle.value(), hello, attributes));
        answer.ifPresent(
                bundle -> downlink.get().send(vehicle, DownlinkKind.DIRECTOR, bundle.toByteArray(), ANSWER_EXPIRES));
    }

    private static Map<String, String> attributes(Hello hello) throws MalformedMessageException {
        Parse.require(
                hello.getAttributesCount() <= MOST_ATTRIBUTES,
                "a hello has at most " + MOST_ATTRIBUTES + " attributes");
        Map<String, String> attributes = new TreeMap<>();
        for (Attribute attribute : hello.getAttributesList()) {
            Parse.require(
                    attribute.getName().length() <= LONGEST_ATTRIBUTE
                            && attribute.getValue().length() <= LONGEST_ATTRIBUTE,
                    "an attribute has at most " + LONGEST_ATTRIBUTE + " characters");
            attributes.put(attribute.getName(), attribute.getValue());
        }
        return attributes;
    }

    private Optional<MetadataBundle> answer(
            Transaction tx, String vehicleId, Hello hello, Map<String, String> attributes) {
        tx.vehicles().seen(vehicleId, time.millis());
        tx.vehicles().setHello(vehicleId, shorten(hello.getAgentVersion()), attributes);
        tx.vehicles()
                .setRoots(
                        vehicleId,
                        Integer.toUnsignedLong(hello.getDirectorRootVersion()),
                        Integer.toUnsignedLong(hello.getImageRootVersion()));
        pinAuditKey(tx, vehicleId, attributes);
        assignments.inherit(tx, vehicleId);
        byte[] manifestNonce = new byte[NONCE_BYTES];
        random.nextBytes(manifestNonce);
        tx.vehicles().setManifestNonce(vehicleId, manifestNonce);
        try {
            return Optional.of(bundles.forVehicle(
                            tx,
                            vehicleId,
                            Integer.toUnsignedLong(hello.getDirectorRootVersion()),
                            Integer.toUnsignedLong(hello.getImageRootVersion()))
                    .setNonce(hello.getNonce())
                    .setManifestNonce(ByteString.copyFrom(manifestNonce))
                    .setAuditSize(tx.checkpoints()
                            .find(vehicleId)
                            .map(CheckpointTable.Row::size)
                            .orElse(0L))
                    .setAuditTold(tx.auditViews()
                            .state(vehicleId)
                            .map(AuditViewsTable.State::told)
                            .orElse(0L))
                    .build());
        } catch (MetadataUnavailableException e) {
            LOG.warn("vehicle {} cannot be answered yet: {}", vehicleId, e.getMessage());
            return Optional.empty();
        }
    }

    private void pinAuditKey(Transaction tx, String vehicleId, Map<String, String> attributes) {
        String said = attributes.getOrDefault(AUDIT_KEY, "");
        String pinned = tx.vehicles().find(vehicleId).map(VehicleRow::auditKey).orElse("");
        if (said.isEmpty() || said.equals(pinned)) {
            return;
        }
        if (pinned.isEmpty()) {
            tx.vehicles().setAuditKey(vehicleId, said);
        } else {
            incidents.record(vehicleId, "audit-key-changed", "pinned " + pinned + ", now " + said);
        }
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_ATTRIBUTE ? text : text.substring(0, LONGEST_ATTRIBUTE);
    }
}
