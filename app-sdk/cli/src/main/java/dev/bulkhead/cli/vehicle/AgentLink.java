package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.proto.AgentGrpc;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.InstallTogetherResponse;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A connection to a running agent: its address and token are files in its data folder. */
public final class AgentLink implements AutoCloseable {
    /** Where the agent listens, {@code host:port}. */
    public static final String ADDRESS_FILE = "api.address";

    /** The bearer token, readable by the agent's owner only. */
    public static final String TOKEN_FILE = "api.token";

    private static final int MOST_MESSAGE_BYTES = 16 << 20;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;
    private final AgentGrpc.AgentBlockingStub stub;
    private final AgentGrpc.AgentBlockingV2Stub upload;
    private final String address;

    private AgentLink(String address, String token) {
        this.address = address;
        this.channel = NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                .maxInboundMessageSize(MOST_MESSAGE_BYTES)
                .build();
        this.stub = AgentGrpc.newBlockingStub(channel).withCallCredentials(new Bearer(token));
        this.upload = AgentGrpc.newBlockingV2Stub(channel).withCallCredentials(new Bearer(token));
    }

    /** Reads the address and the token from an agent's data folder. */
    public static AgentLink open(Path data) {
        return new AgentLink(read(data.resolve(ADDRESS_FILE)), read(data.resolve(TOKEN_FILE)));
    }

    /** Calls the agent; what goes wrong becomes a failure that says what to do. */
    public <T> T call(Function<AgentGrpc.AgentBlockingStub, T> request) {
        try {
            return request.apply(stub);
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** Hands in a package; waits for the agent where it is slower than the disk. */
    InstallResponse install(Iterator<InstallChunk> chunks) {
        return sent(upload.install(), chunks);
    }

    /** Hands in several packages as one. */
    InstallTogetherResponse installTogether(Iterator<InstallChunk> chunks) {
        return sent(upload.installTogether(), chunks);
    }

    private <T> T sent(BlockingClientCall<InstallChunk, T> call, Iterator<InstallChunk> chunks) {
        try {
            boolean open = true;
            while (open && chunks.hasNext()) {
                open = call.write(chunks.next());
            }
            call.halfClose();
            T answer = call.read();
            if (answer == null) {
                throw CommandFailure.failed("the agent did not answer", "bulkhead ps shows what runs");
            }
            return answer;
        } catch (StatusException e) {
            throw failure(e.getStatus().asRuntimeException());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted", "");
        }
    }

    private CommandFailure failure(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        String text = description == null ? e.getStatus().getCode().toString() : description;
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE ->
                CommandFailure.unreachable("no agent answers at " + address, "bulkhead agent starts one");
            case UNAUTHENTICATED -> CommandFailure.refused("the agent refused the token: " + text, "check api.token");
            case PERMISSION_DENIED, FAILED_PRECONDITION -> CommandFailure.refused(text, "");
            default -> CommandFailure.failed(text, "bulkhead ps shows what runs");
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw CommandFailure.unreachable(
                    "no agent has run here: " + file + " cannot be read",
                    "bulkhead agent starts one; --home and --vehicle choose which one is asked");
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(1, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts the token on every call. */
    private static final class Bearer extends CallCredentials {
        private final String token;

        Bearer(String token) {
            this.token = token;
        }

        @Override
        public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + token);
            applier.apply(headers);
        }
    }
}
