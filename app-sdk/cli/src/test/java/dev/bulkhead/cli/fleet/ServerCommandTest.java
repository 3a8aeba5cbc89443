package dev.bulkhead.cli.fleet;

import static dev.bulkhead.cli.Terminal.ask;
import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.server.main.FleetServer;
import dev.bulkhead.server.main.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that cannot start says what is in its way. */
final class ServerCommandTest {
    @TempDir
    private Path home;

    @BeforeEach
    void makeKeys() {
        ask("keys", "init", "--home", home.toString());
        ask("keys", "server", "--home", home.toString());
    }

    @Test
    void secondServerOfAHomeIsRefusedAndChangesNothing() {
        ServerSettings settings = ServerSettings.local(home.resolve("server"), home.resolve("keys"), "main");
        try (FleetServer first = FleetServer.start(settings, InstantSource.system(), new SecureRandom())) {
            String err = type(
                            "server",
                            "--mqtt-port",
                            "0",
                            "--web-port",
                            "0",
                            "--est-port",
                            "0",
                            "--home",
                            home.toString())
                    .expect(1)
                    .err();
            long process = ProcessHandle.current().pid();
            assertTrue(
                    err.contains("a fleet server already runs in " + home.resolve("server") + " (process " + process),
                    err);
            assertTrue(err.contains("--home DIR"), err);
            assertTrue(first.webPort() > 0);
            assertTrue(Files.notExists(home.resolve("server/api.address")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--mqtt-port", "--web-port", "--est-port"})
    void takenPortIsNamedWithTheOptionThatTakesAnother(String option) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            String err = type(words(option, port)).expect(1).err();
            assertTrue(err.contains("port " + port + " on 127.0.0.1 is taken by another process"), err);
            assertTrue(err.contains(option + " N takes another one (0: a free one)"), err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--mqtt-port", "--web-port", "--est-port"})
    void numberThatIsNoPortIsAMatterOfUsage(String option) {
        String err = type(words(option, "99999")).expect(2).err();
        assertTrue(err.contains(option + " 99999 is no port: wants 0 to 65535"), err);
        assertEquals(2, type(words(option, "-1")).status());
    }

    @Test
    void expiredCertificateIsNamedAtTheStartWithWhatRenewsIt() throws IOException {
        Path old = home.resolve("old");
        InstantSource longAgo = InstantSource.fixed(Instant.now().minus(Duration.ofDays(400)));
        KeyDirectory keys =
                new KeyDirectory(old.resolve("keys"), longAgo, new SecureRandom(), KeyDirectory.Validity.USUAL);
        keys.init(Optional.empty());
        keys.addServer(List.of(), Optional.empty());
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String err = type("server", "--mqtt-port", String.valueOf(other.getLocalPort()), "--home", old.toString())
                    .expect(1)
                    .err();
            assertTrue(err.startsWith("warning: the certificate of the server expired at "), err);
            assertTrue(err.contains("bulkhead keys server --replace makes the next one"), err);
            assertEquals(1, err.split("warning:", -1).length - 1, err);
        }
    }

    @Test
    void twoDoorsWantTwoPorts() {
        String err = type("server", "--mqtt-port", "18443", "--est-port", "18443", "--home", home.toString())
                .expect(2)
                .err();
        assertTrue(err.contains("--est-port 18443 is the port of --mqtt-port"), err);
    }

    /** A start with free ports but for this one. */
    private String[] words(String option, String port) {
        String[] words = {"server", "--mqtt-port", "0", "--web-port", "0", "--est-port", "0", "--home", home.toString()
        };
        for (int i = 1; i < words.length; i += 2) {
            if (words[i].equals(option)) {
                words[i + 1] = port;
            }
        }
        return words;
    }
}
