package dev.bulkhead.cli.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.Main;
import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.databroker.proto.v2.GetValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.GetValueResponse;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of other people against {@code bulkhead sim}, each in its own process. */
@Timeout(300)
class SimPeersTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final Path PROTOS = Path.of("..", "..", "hal-bridge", "src", "main", "protobuf");

    @TempDir
    private Path folder;

    /** The command as it is run, with the ports it prints. */
    private static final class Sim implements AutoCloseable {
        private final Process process;
        private final JsonNode ports;

        private Sim(String... more) throws IOException {
            List<String> words = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "sim",
                    "--socketcand",
                    "0",
                    "--databroker",
                    "0",
                    "--json"));
            words.addAll(List.of(more));
            process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ports = printed(process);
            if (!ports.has("socketcandPort")) {
                close();
                fail("the simulator did not start");
            }
        }

        private static JsonNode printed(Process process) throws IOException {
            ObjectMapper mapper = new ObjectMapper();
            try {
                return Objects.requireNonNullElseGet(
                        mapper.readTree(mapper.createParser(process.inputReader())), mapper::createObjectNode);
            } catch (IOException e) {
                process.destroyForcibly();
                throw e;
            }
        }

        private String socketcand() {
            return ports.get("socketcandPort").asText();
        }

        private String databroker() {
            return ports.get("databrokerPort").asText();
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void need(boolean there, String otherwise) {
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(there, otherwise);
        }
        assumeTrue(there, otherwise);
    }

    private static boolean works(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void needPythonCan() {
        need(works(PYTHON, "-c", "import can"), "no python3-can");
    }

    private static Process pythonCan(String tool, Sim sim, Path out, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                PYTHON,
                "-m",
                "can." + tool,
                "-i",
                "socketcand",
                "-c",
                "can0",
                "--host=127.0.0.1",
                "--port=" + sim.socketcand()));
        words.addAll(List.of(more));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    /** Lets python-can log until the log has lines that please. */
    private List<CandumpLine> logged(Sim sim, Path log, String wanted) throws Exception {
        Path said = folder.resolve("logger.txt");
        Process logger = pythonCan("logger", sim, said, "-f", log.toString());
        try {
            for (int i = 0; i < 1_200 && logger.isAlive(); i++) {
                if (Files.exists(log) && Files.readString(log).contains(wanted)) {
                    break;
                }
                Thread.sleep(50);
            }
        } finally {
            interrupt(logger);
        }
        assertTrue(Files.exists(log), () -> read(said));
        String text = Files.readString(log);
        assertTrue(text.contains(wanted), () -> wanted + " is not in the log; " + read(said));
        return text.lines().map(CandumpLine::parse).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** As Ctrl-C does, so that the log is closed. */
    private static void interrupt(Process process) throws InterruptedException, IOException {
        new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid()))
                .start()
                .waitFor();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    @Test
    void pythonCanLogsTheVehicleAndPlaysALogBackToAnother() throws Exception {
        needPythonCan();
        Path log = folder.resolve("drive.log");
        try (Sim vehicle = new Sim()) {
            // this python-can writes every identifier as an extended one
            List<CandumpLine> lines = logged(vehicle, log, "0A0#");
            assertTrue(lines.stream()
                    .anyMatch(line -> line.frame().id() == 0x0A0 && line.frame().length() == 8));
        }
        Path made = folder.resolve("made.log");
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            frames.append(String.format("(%d.%06d) can0 5A5#DEAD%04X%n", 1_000 + i / 10, i % 10 * 100_000, i));
        }
        Files.writeString(made, frames);
        try (Sim vehicle = new Sim("--profile", "standing")) {
            Path heard = folder.resolve("heard.log");
            Process player = pythonCan(
                    "player",
                    vehicle,
                    folder.resolve("player.txt"),
                    "--ignore-timestamps",
                    "-g",
                    "0.02",
                    made.toString());
            try {
                logged(vehicle, heard, "5A5#DEAD00");
            } finally {
                player.destroy();
            }
        }
    }

    @Test
    void npmsGrpcClientGetsSubscribesActuatesAndIsRefused() throws Exception {
        need(
                works("node", "-e", "require('@grpc/grpc-js');require('@grpc/proto-loader')"),
                "no node with @grpc/grpc-js and @grpc/proto-loader; set NODE_PATH");
        Path script = Path.of(Objects.requireNonNull(SimPeersTest.class.getResource("sim-client.cjs"))
                .toURI());
        try (Sim vehicle = new Sim("--profile", "standing")) {
            Process client = new ProcessBuilder("node", script.toString(), PROTOS.toString(), vehicle.databroker())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("ok", said.strip());
        }
    }

    @Test
    void npmsGrpcClientProvidesWhereNothingIsSimulated() throws Exception {
        need(
                works("node", "-e", "require('@grpc/grpc-js');require('@grpc/proto-loader')"),
                "no node with @grpc/grpc-js and @grpc/proto-loader; set NODE_PATH");
        Path script = Path.of(
                "..", "..", "hal-bridge", "src", "test", "resources", "dev", "bulkhead", "hal", "kuksa-client.cjs");
        Path log = folder.resolve("quiet.log");
        Files.writeString(log, "(1.0) can0 7FF#\n");
        try (Sim vehicle = new Sim("--replay", log.toString())) {
            Process client = new ProcessBuilder("node", script.toString(), PROTOS.toString(), vehicle.databroker())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("ok", said.strip());
        }
    }

    @Test
    void aFieldLogDrivesTheSignalsOfAVehicleNobodySimulates() throws Exception {
        Path log = folder.resolve("field.log");
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            frames.append(String.format("(%d.000000) can0 0A0#8813000000000000%n", 1_000 + i));
        }
        frames.append("(9000.0) can0 0A0#1027000000000000\n");
        Files.writeString(log, frames);
        Path everyFrame = folder.resolve("overlay.json");
        Files.writeString(everyFrame, """
                {"Vehicle": {"children": {"Speed":
                {"dbc2vss": {"message": "VehicleMotion", "signal": "VehicleSpeed", "interval_ms": 0}}}}}
                """);
        try (Sim vehicle = new Sim(
                "--replay",
                log.toString(),
                "--replay-speed",
                "0",
                "--dbc",
                "default",
                "--overlay",
                everyFrame.toString())) {
            String speed = "";
            for (int i = 0; i < 600 && !speed.equals("100.0"); i++) {
                Thread.sleep(50);
                speed = speedAt(vehicle);
            }
            assertEquals("100.0", speed);
        }
    }

    private static String speedAt(Sim vehicle) {
        ManagedChannel channel = NettyChannelBuilder.forTarget("127.0.0.1:" + vehicle.databroker())
                .usePlaintext()
                .build();
        try {
            GetValueResponse answer = VALGrpc.newBlockingStub(channel)
                    .getValue(GetValueRequest.newBuilder()
                            .setSignalId(SignalID.newBuilder().setPath("Vehicle.Speed"))
                            .build());
            return Float.toString(answer.getDataPoint().getValue().getFloat());
        } finally {
            channel.shutdownNow();
        }
    }
}
