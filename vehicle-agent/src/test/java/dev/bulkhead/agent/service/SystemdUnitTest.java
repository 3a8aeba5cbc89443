package dev.bulkhead.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit file that is shipped: hardened, and understood by systemd itself. */
class SystemdUnitTest {
    private static final Path UNIT = Path.of("src/main/systemd/bulkhead-agent@.service");
    private static final Path OPTIONS = Path.of("src/main/jvm/agent.options");
    private static final double MOST_EXPOSED = 3.0;

    @TempDir
    Path dir;

    @Test
    void saysWhatTheAgentReliesOn() throws IOException {
        List<String> lines = Files.readAllLines(UNIT);
        for (String line : List.of(
                "Type=notify",
                "NotifyAccess=main",
                "WatchdogSec=20",
                "Restart=always",
                "NoNewPrivileges=yes",
                "ProtectSystem=strict",
                "StateDirectory=bulkhead",
                "LimitRTPRIO=2",
                "CapabilityBoundingSet=")) {
            assertTrue(lines.contains(line), line);
        }
    }

    @Test
    void startsTheJvmWithTheOptionsOfTheLauncher() throws Exception {
        assertTrue(Files.readString(UNIT).contains(" @/opt/bulkhead/agent.options "));
        Path out = dir.resolve("version");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "@" + OPTIONS,
                        "--list-modules")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String said = Files.readString(out);
        assertEquals(0, process.exitValue(), said);
        assertTrue(said.contains("jdk.incubator.vector"), said);
    }

    private static boolean installed() throws InterruptedException {
        try {
            return new ProcessBuilder("systemd-analyze", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(30, TimeUnit.SECONDS);
        } catch (IOException absent) {
            return false;
        }
    }

    private Path unit() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String text = Files.readString(UNIT).replace("/usr/lib/jvm/bulkhead/bin/java", java);
        return Files.writeString(dir.resolve("bulkhead-agent@VIN-1.service"), text);
    }

    private String analyzed(String... options) throws IOException, InterruptedException {
        assumeTrue(
                installed() || "true".equals(System.getenv("CI")),
                "systemd-analyze is not installed (apt install systemd)");
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(List.of(options));
        command.add(unit().toString());
        Path out = dir.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String said = Files.readString(out, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    @Test
    void systemdUnderstandsEveryLine() throws Exception {
        String said = analyzed("verify", "--man=no");
        assertTrue(!said.contains("bulkhead-agent") || !said.contains("Unknown"), said);
    }

    @Test
    void systemdFindsItLittleExposed() throws Exception {
        String said = analyzed("security", "--offline=true", "--no-pager", "--threshold=" + (int) (MOST_EXPOSED * 10));
        assertTrue(said.contains("Overall exposure level"), said);
    }
}
