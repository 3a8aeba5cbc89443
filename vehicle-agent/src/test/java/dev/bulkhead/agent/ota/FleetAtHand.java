package dev.bulkhead.agent.ota;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.bulkhead.contract.proto.Block;
import dev.bulkhead.contract.proto.BlockRefusal;
import dev.bulkhead.contract.proto.BlockReply;
import dev.bulkhead.contract.proto.BlockRequest;
import dev.bulkhead.contract.proto.Hello;
import dev.bulkhead.contract.proto.MetadataBundle;
import dev.bulkhead.contract.proto.MetadataFile;
import dev.bulkhead.contract.proto.Progress;
import dev.bulkhead.contract.proto.SignedVersionManifest;
import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.contract.proto.VersionManifest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The other end of a {@link MemoryTransport}: an honest fleet unless a test bends it. */
final class FleetAtHand {
    final List<Hello> hellos = new ArrayList<>();
    final List<Progress> progress = new ArrayList<>();
    final List<VersionManifest> manifests = new ArrayList<>();
    final List<Up> heard = new ArrayList<>();
    final Map<String, SampleFile> files = new HashMap<>();
    final Map<Integer, Integer> sent = new HashMap<>();
    int blocksSent;
    boolean answersHello = true;
    boolean answersBlocks = true;
    Optional<String> refusal = Optional.empty();
    UnaryOperator<Block> bend = UnaryOperator.identity();
    private @Nullable MemoryTransport line;

    void attach(MemoryTransport transport) {
        line = transport;
    }

    private MemoryTransport line() {
        return Objects.requireNonNull(line);
    }

    void hold(SampleFile file) {
        files.put(file.sha256(), file);
    }

    void hear(Up up, byte[] payload) {
        heard.add(up);
        try {
            switch (up) {
                case HELLO -> greet(Hello.parseFrom(payload));
                case BLOCKS -> serve(BlockRequest.parseFrom(payload));
                case PROGRESS -> progress.add(Progress.parseFrom(payload));
                case MANIFEST ->
                    manifests.add(VersionManifest.parseFrom(
                            SignedVersionManifest.parseFrom(payload).getPayload()));
                case AUDIT, HEALTH -> {}
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void greet(Hello hello) {
        hellos.add(hello);
        if (answersHello) {
            bundle(hello.getNonce());
        }
    }

    void bundle(ByteString nonce) {
        MetadataBundle bundle = MetadataBundle.newBuilder()
                .setNonce(nonce)
                .setManifestNonce(ByteString.copyFromUtf8("manifest " + hellos.size()))
                .addFiles(MetadataFile.newBuilder().setName("timestamp.json"))
                .build();
        line().send(Dn.DIRECTOR, bundle.toByteArray());
    }

    private void serve(BlockRequest request) {
        if (!answersBlocks) {
            return;
        }
        if (refusal.isPresent()) {
            reply(BlockReply.newBuilder()
                    .setRefusal(BlockRefusal.newBuilder()
                            .setSha256(request.getSha256())
                            .setReason(refusal.get())));
            return;
        }
        SampleFile file = Objects.requireNonNull(
                files.get(HexFormat.of().formatHex(request.getSha256().toByteArray())));
        BitSet wanted = BitSet.valueOf(request.getBitmap().toByteArray());
        for (int i = 0; i < request.getCount(); i++) {
            if (request.getBitmap().isEmpty() || wanted.get(i)) {
                send(file.block(request.getFirst() + i));
            }
        }
    }

    void send(Block honest) {
        blocksSent++;
        sent.merge(honest.getIndex(), 1, Integer::sum);
        reply(BlockReply.newBuilder().setBlock(bend.apply(honest)));
    }

    private void reply(BlockReply.Builder reply) {
        line().send(Dn.BLOCK, reply.build().toByteArray());
    }

    List<UpdateState> states(String assignment) {
        List<UpdateState> states = new ArrayList<>();
        for (Progress word : progress) {
            if (word.getAssignmentId().equals(assignment)
                    && (states.isEmpty() || states.getLast() != word.getState())) {
                states.add(word.getState());
            }
        }
        return states;
    }

    Progress last(String assignment) {
        return progress.stream()
                .filter(word -> word.getAssignmentId().equals(assignment))
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
