package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.home.Home;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.server.web.ApiToken;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.ServerClientException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which fleet server a command talks to, to be mixed in: by default the one that runs in the home folder. */
public final class ServerLink {
    /** Where a running server writes the address of its API. */
    static final String ADDRESS_FILE = "api.address";

    @Mixin
    private Home home;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The fleet server (default: the one that runs in the home folder).")
    private @Nullable URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the server's API token (default: the server's own, in the home folder).")
    private @Nullable Path tokenFile;

    /** Calls the server; what it refuses becomes a failure that says why. */
    public <T> T call(Function<ServerClient, T> request) {
        try (ServerClient client = new ServerClient(address(), token())) {
            return request.apply(client);
        } catch (ServerClientException e) {
            throw failure(e);
        }
    }

    Home home() {
        return home;
    }

    private static CommandFailure failure(ServerClientException e) {
        String text = String.valueOf(e.getMessage());
        ExitCode code = e.status() == 0
                ? ExitCode.UNREACHABLE
                : e.status() >= 400 && e.status() < 500 && e.status() != 404 ? ExitCode.REFUSED : ExitCode.FAILED;
        return new CommandFailure(code, text.contains(e.word()) ? text : text + " (" + e.word() + ")", e.hint());
    }

    private URI address() {
        return url == null ? URI.create(read(home.server().resolve(ADDRESS_FILE))) : url;
    }

    private ApiToken token() {
        Path file = tokenFile == null ? home.server().resolve("api-token") : tokenFile;
        try {
            return ApiToken.read(file);
        } catch (IOException e) {
            throw CommandFailure.unreachable(
                    "no API token: " + file + " cannot be read", "--token-file names the server's token file");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw CommandFailure.unreachable(
                    "no server has run here: " + file + " cannot be read",
                    "bulkhead server starts one; --server URL names another");
        }
    }
}
