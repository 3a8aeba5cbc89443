package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which databroker a command asks, to be mixed in: ours, or any other that speaks kuksa.val.v2. */
final class BrokerLink {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @Option(
            names = "--databroker",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:55555",
            description = "The databroker to ask (default: ${DEFAULT-VALUE}).")
    private String address = "127.0.0.1:55555";

    @Option(names = "--token", paramLabel = "FILE", description = "A file with a bearer token.")
    private @Nullable Path token;

    /** Calls the databroker; what goes wrong becomes a failure that says what to do. */
    <T> T call(Function<VALGrpc.VALBlockingStub, T> request) {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            VALGrpc.VALBlockingStub stub = VALGrpc.newBlockingStub(channel);
            return request.apply(
                    token == null
                            ? stub
                            : stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(token))));
        } catch (StatusRuntimeException e) {
            throw failure(e);
        } finally {
            channel.shutdownNow();
        }
    }

    private static Metadata headers(Path file) {
        try {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + Files.readString(file).strip());
            return headers;
        } catch (IOException e) {
            throw FileFault.unread(file, e, "check the path");
        }
    }

    /** Whether this end made the status up, because what came back was no gRPC or not this service; a peer's own status has no cause. */
    private static boolean isForeign(Status status) {
        return status.getCause() != null || status.getCode() == Status.Code.UNIMPLEMENTED;
    }

    private CommandFailure failure(StatusRuntimeException e) {
        String words = e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE ->
                e.getStatus().getCause() == null && words.contains("NODEV")
                        ? CommandFailure.failed(
                                "nothing carries this actuator out: " + words, "start its driver or provider")
                        : CommandFailure.unreachable(
                                "no databroker answers at " + address, "bulkhead sim --databroker 55555 starts one");
            case UNAUTHENTICATED, PERMISSION_DENIED -> CommandFailure.refused(words, "--token FILE");
            default ->
                isForeign(e.getStatus())
                        ? CommandFailure.failed(
                                "what answers at " + address + " is no databroker: " + words,
                                "--databroker HOST:PORT of one that speaks kuksa.val.v2 without TLS")
                        : CommandFailure.failed(words, "");
        };
    }
}
