package dev.bulkhead.server.main;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.contract.proto.BlockReply;
import dev.bulkhead.contract.proto.BlockRequest;
import dev.bulkhead.contract.proto.Hello;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.merkle.Proofs;
import dev.bulkhead.security.audit.merkle.TreeHasher;
import dev.bulkhead.security.tuf.ApprovedTarget;
import dev.bulkhead.security.tuf.BundleVerdict;
import dev.bulkhead.security.tuf.DirectorVerification;
import dev.bulkhead.security.tuf.MemoryMetadataStore;
import dev.bulkhead.security.tuf.MetadataLimits;
import dev.bulkhead.security.tuf.MetadataStore;
import dev.bulkhead.security.tuf.VehicleIdentity;
import dev.bulkhead.server.broker.FleetTopics;
import dev.bulkhead.server.broker.PahoVehicle;
import dev.bulkhead.server.broker.UplinkKind;
import dev.bulkhead.server.broker.VehicleId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.paho.mqttv5.common.MqttException;

/** The vehicle's side of the protocol, as little of it as a story needs, with full verification. */
final class TestVehicle implements AutoCloseable {
    private static final FleetTopics TOPICS = new FleetTopics("demo");

    final VehicleId id;
    private final PahoVehicle line;
    private final DirectorVerification verification;
    private int hellos;

    private TestVehicle(VehicleId id, PahoVehicle line, DirectorVerification verification) {
        this.id = id;
        this.line = line;
        this.verification = verification;
    }

    static TestVehicle connect(Town town, int port, String id) throws Exception {
        PahoVehicle line = PahoVehicle.connect(port, id, town.vehicle(id));
        line.subscribe("sdv/1/demo/v/" + id + "/dn/+");
        MetadataStore director = new MemoryMetadataStore();
        MetadataStore image = new MemoryMetadataStore();
        DirectorVerification.initialise(director, factoryRoot(town, "director-root.json"));
        DirectorVerification.initialise(image, factoryRoot(town, "image-root.json"));
        return new TestVehicle(
                new VehicleId(id), line, new DirectorVerification(director, image, Town.TIME, MetadataLimits.USUAL));
    }

    private static byte[] factoryRoot(Town town, String name) throws IOException {
        Path file = town.keys.folder().resolve("trust").resolve(name);
        return Files.readAllBytes(file);
    }

    int say(UplinkKind kind, Message message) throws MqttException {
        return say(kind, message.toByteArray());
    }

    int say(UplinkKind kind, byte[] payload) throws MqttException {
        return line.publish(TOPICS.up(id, kind), payload);
    }

    MetadataBundle hello() throws Exception {
        ByteString nonce = ByteString.copyFromUtf8("nonce-" + hellos++);
        say(
                UplinkKind.HELLO,
                Hello.newBuilder()
                        .setVehicleId(id.value())
                        .setNonce(nonce)
                        .setDirectorRootVersion((int) verification.directorRootVersion())
                        .setImageRootVersion((int) verification.imageRootVersion())
                        .setAgentVersion("test")
                        .build());
        MetadataBundle bundle = MetadataBundle.parseFrom(await("director"));
        while (!bundle.getNonce().equals(nonce)) {
            bundle = MetadataBundle.parseFrom(await("director"));
        }
        return bundle;
    }

    /** What both repositories agree this vehicle should run of an app. */
    Optional<ApprovedTarget> target(String appId) throws Exception {
        return whatToRun().stream()
                .filter(target -> target.custom().appId().equals(appId))
                .findFirst();
    }

    private List<ApprovedTarget> whatToRun() throws Exception {
        BundleVerdict verdict =
                verification.verify(hello(), new VehicleIdentity(id.value(), Set.of("bulkhead-abi-1"), Map.of()));
        return switch (verdict) {
            case BundleVerdict.Agreed agreed -> agreed.targets();
            case BundleVerdict.Refused refused -> throw new AssertionError(refused.toString());
        };
    }

    /** The next payload of a topic, skipping others. */
    byte[] await(String kind) throws InterruptedException {
        PahoVehicle.Received received = line.await();
        while (!received.topic().endsWith("/dn/" + kind)) {
            received = line.await();
        }
        return received.payload();
    }

    List<BlockReply> ask(BlockRequest request, int replies) throws Exception {
        say(UplinkKind.BLOCKS, request);
        List<BlockReply> got = new ArrayList<>();
        while (got.size() < replies) {
            got.add(BlockReply.parseFrom(await("block")));
        }
        return got;
    }

    /** Blocks of a target from a first one on, each verified alone by its proof. */
    byte[] pull(ApprovedTarget target, int first) throws Exception {
        int size = target.custom().blockSize();
        int blocks = (int) ((target.length() + size - 1) / size);
        byte[] file = new byte[(int) target.length()];
        BlockRequest request = BlockRequest.newBuilder()
                .setSha256(ByteString.copyFrom(target.sha256().toArray()))
                .setBlockSize(size)
                .setFirst(first)
                .setCount(blocks - first)
                .build();
        for (BlockReply reply : ask(request, blocks - first)) {
            verify(target, reply.getBlock(), blocks);
            byte[] data = reply.getBlock().getData().toByteArray();
            System.arraycopy(data, 0, file, reply.getBlock().getIndex() * size, data.length);
        }
        return file;
    }

    private static void verify(ApprovedTarget target, Block block, int blocks) {
        byte[] run = block.getProof().toByteArray();
        List<Hash> proof = new ArrayList<>();
        for (int offset = 0; offset < run.length; offset += Hash.SIZE) {
            proof.add(Hash.at(run, offset));
        }
        Hash leaf = new TreeHasher().leaf(block.getData().toByteArray());
        Hash root = Hash.of(target.custom().blocksRoot().toArray());
        if (!Proofs.includes(block.getIndex(), leaf, blocks, root, proof)) {
            throw new AssertionError("block " + block.getIndex() + " is not under the signed root");
        }
    }

    void report(String assignmentId, UpdateState state, long done, long total) throws MqttException {
        say(
                UplinkKind.PROGRESS,
                Progress.newBuilder()
                        .setAssignmentId(assignmentId)
                        .setState(state)
                        .setDone(done)
                        .setTotal(total)
                        .build());
    }

    boolean connected() {
        return line.connected();
    }

    @Override
    public void close() throws MqttException {
        line.close();
    }
}
