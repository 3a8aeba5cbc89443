package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.driver.databroker.BrokerPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An existing databroker to work with, to be mixed in. */
final class PeerOptions {
    private static final int INTERVAL_MILLIS = 100;

    @Option(
            names = "--peer",
            paramLabel = "HOST[:PORT]",
            description = "Work with this databroker (kuksa.val.v2, unencrypted; default port 55555).")
    private @Nullable String address;

    @Option(
            names = "--peer-token",
            paramLabel = "FILE",
            description = "A file with the bearer token it wants; only for a databroker on this machine.")
    private @Nullable Path token;

    @Option(names = "--peer-take", paramLabel = "GLOB", description = "Take these signals from it; may repeat.")
    private List<String> take = new ArrayList<>();

    @Option(
            names = "--peer-command",
            paramLabel = "GLOB",
            description = "Send it our apps' commands for these actuators; may repeat.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "--peer-provide",
            paramLabel = "GLOB",
            description = "Provide these signals of ours to it, where policy lets it read them; may repeat.")
    private List<String> provide = new ArrayList<>();

    @Option(
            names = "--peer-accept",
            paramLabel = "GLOB",
            description = "Carry out its clients' commands for these actuators, as policy allows; may repeat.")
    private List<String> accept = new ArrayList<>();

    List<BrokerPeer> peers() {
        boolean more =
                token != null || !take.isEmpty() || !command.isEmpty() || !provide.isEmpty() || !accept.isEmpty();
        if (address == null) {
            if (more) {
                throw CommandFailure.usage("--peer-… is of no use without --peer", "--peer 127.0.0.1:55555");
            }
            return List.of();
        }
        try {
            InetSocketAddress where = Addresses.parse(address, DatabrokerServer.DEFAULT_PORT);
            return List.of(new BrokerPeer(
                    where.getHostString(),
                    where.getPort(),
                    Optional.ofNullable(token).map(PeerOptions::read),
                    globs(take),
                    globs(command),
                    globs(provide),
                    globs(accept),
                    INTERVAL_MILLIS));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "bulkhead agent --help");
        }
    }

    private static List<SignalGlob> globs(List<String> texts) {
        return texts.stream().map(SignalGlob::new).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be read: " + e.getMessage(), "check the path");
        }
    }
}
