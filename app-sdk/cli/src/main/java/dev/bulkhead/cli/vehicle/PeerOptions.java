package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.databroker.DatabrokerServer;
import dev.bulkhead.hal.driver.databroker.BrokerPeer;
import dev.bulkhead.hal.driver.databroker.PeerTls;
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
            description =
                    "Work with this databroker (kuksa.val.v2; unencrypted without --peer-ca; default port 55555).")
    private @Nullable String address;

    @Option(
            names = "--peer-token",
            paramLabel = "FILE",
            description = "A file with the bearer token it wants; without --peer-ca only for one on this machine.")
    private @Nullable Path token;

    @Option(
            names = "--peer-ca",
            paramLabel = "PEM",
            description = "Connect by TLS to a databroker whose certificate one of these authorities signed.")
    private @Nullable Path authorities;

    @Option(names = "--peer-cert", paramLabel = "PEM", description = "Our certificate, when it wants to know us.")
    private @Nullable Path certificate;

    @Option(names = "--peer-key", paramLabel = "PEM", description = "Its private key: PKCS#8, without a passphrase.")
    private @Nullable Path key;

    @Option(
            names = "--peer-name",
            paramLabel = "NAME",
            description = "The name in its certificate, when it is not the host's.")
    private @Nullable String serverName;

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
        boolean more = token != null
                || authorities != null
                || certificate != null
                || key != null
                || serverName != null
                || !take.isEmpty()
                || !command.isEmpty()
                || !provide.isEmpty()
                || !accept.isEmpty();
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
                    tls(),
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

    private Optional<PeerTls> tls() {
        if ((certificate == null) != (key == null)) {
            throw CommandFailure.usage(
                    "--peer-cert and --peer-key go together", "--peer-cert client.pem --peer-key client.key");
        }
        if (authorities == null) {
            if (certificate != null || serverName != null) {
                throw CommandFailure.usage("--peer-cert and --peer-name are for TLS", "--peer-ca ca.pem");
            }
            return Optional.empty();
        }
        Optional<PeerTls.Identity> identity = certificate == null || key == null
                ? Optional.empty()
                : Optional.of(new PeerTls.Identity(certificate, key));
        return Optional.of(new PeerTls(authorities, identity, Optional.ofNullable(serverName)));
    }

    private static List<SignalGlob> globs(List<String> texts) {
        return texts.stream().map(SignalGlob::new).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw FileFault.unread(file, e, "check the path");
        }
    }
}
