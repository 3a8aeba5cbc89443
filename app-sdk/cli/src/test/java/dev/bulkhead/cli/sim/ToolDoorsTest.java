package dev.bulkhead.cli.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.tools.ToolPorts;
import dev.bulkhead.agent.tools.Visitors;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.databroker.proto.v2.ActuateRequest;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.databroker.proto.v2.GetValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.ListMetadataRequest;
import dev.bulkhead.hal.databroker.proto.v2.PublishValueRequest;
import dev.bulkhead.hal.databroker.proto.v2.SignalID;
import dev.bulkhead.hal.databroker.proto.v2.VALGrpc;
import dev.bulkhead.hal.databroker.proto.v2.Value;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.main.LiveVehicle;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Strangers at the doors of a vehicle that drives: a socketcand client and a databroker client, over real sockets. */
@Timeout(60)
class ToolDoorsTest {
    private static final String SPEED = "Vehicle.Speed";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String BRAKE = "Vehicle.Chassis.Brake.PedalPosition";
    private static final String LATITUDE = "Vehicle.CurrentLocation.Latitude";

    @TempDir
    Path data;

    private RoadAgent start(Visitors visitors) {
        return LiveVehicle.start(
                DriveCycle.udds(), new ToolPorts(Optional.of(0), Optional.of(0), visitors), data, new SecureRandom());
    }

    /** A socketcand client that reads one message after the other. */
    private static final class Candler implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Candler(RoadAgent vehicle) throws IOException {
            socket = new Socket(
                    InetAddress.getLoopbackAddress(), vehicle.socketcandPort().orElseThrow());
            in = socket.getInputStream();
            assertEquals("< hi >", next());
            say("< open can0 >");
            assertEquals("< ok >", next());
            say("< rawmode >");
            assertEquals("< ok >", next());
        }

        void say(String message) throws IOException {
            socket.getOutputStream().write(message.getBytes(StandardCharsets.US_ASCII));
        }

        String next() throws IOException {
            StringBuilder text = new StringBuilder();
            int c = in.read();
            while (c >= 0 && c != '>') {
                text.append((char) c);
                c = in.read();
            }
            return text.append((char) c).toString().strip();
        }

        String nextWith(String begin) throws IOException {
            String message = next();
            while (!message.startsWith(begin)) {
                message = next();
            }
            return message;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private interface Talk {
        void with(VALGrpc.VALBlockingStub stub);
    }

    private static void talk(RoadAgent vehicle, String token, Talk talk) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", vehicle.databrokerPort().orElseThrow())
                .usePlaintext()
                .build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), token);
        try {
            talk.with(VALGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)));
        } finally {
            channel.shutdownNow();
        }
    }

    private static SignalID signal(String path) {
        return SignalID.newBuilder().setPath(path).build();
    }

    private static Datapoint get(VALGrpc.VALBlockingStub stub, String path) {
        return stub.getValue(
                        GetValueRequest.newBuilder().setSignalId(signal(path)).build())
                .getDataPoint();
    }

    private static void actuate(VALGrpc.VALBlockingStub stub, String path, Value value) {
        stub.actuate(ActuateRequest.newBuilder()
                .setSignalId(signal(path))
                .setValue(value)
                .build());
    }

    private static void publishSpeed(VALGrpc.VALBlockingStub stub) {
        stub.publishValue(PublishValueRequest.newBuilder()
                .setSignalId(signal(SPEED))
                .setDataPoint(Datapoint.newBuilder()
                        .setValue(Value.newBuilder().setFloat(3).build()))
                .build());
    }

    private static final Value FULL = Value.newBuilder().setUint32(70).build();

    private static void denied(Executable call) {
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                assertThrows(StatusRuntimeException.class, call).getStatus().getCode());
    }

    private static List<AuditEntry> audit(RoadAgent vehicle) {
        vehicle.agent().auditLog().commit();
        List<AuditEntry> entries = new ArrayList<>();
        try (LogReader reader = vehicle.agent().auditLog().reader()) {
            for (long i = 0; i < reader.size(); i++) {
                entries.add(LogReader.parse(i, reader.entry(i)));
            }
        }
        return entries;
    }

    private static boolean recordsDenial(RoadAgent vehicle, String visitor, String access) {
        return audit(vehicle).stream()
                .anyMatch(entry -> entry.getAppId().equals(visitor)
                        && entry.getDenied().getAccess().equals(access));
    }

    @Test
    void aVirtualVehicleLendsItsBusAndItsSignalsToEverybody() throws IOException {
        try (RoadAgent vehicle = start(new Visitors.Everybody());
                Candler candler = new Candler(vehicle)) {
            assertTrue(candler.nextWith("< frame 0A0 ").endsWith(">"));
            talk(vehicle, "", stub -> {
                assertTrue(get(stub, SPEED).getValue().hasFloat());
                actuate(stub, FAN, FULL);
                publishSpeed(stub);
            });
            assertTrue(audit(vehicle).stream()
                    .anyMatch(entry -> entry.getAppId().equals("databroker:anybody")
                            && entry.getActuated().getPath().equals(FAN)));
        }
    }

    @Test
    void withoutATokenKeyAnAgentsDatabrokerOnlyReadsWhatThePolicyGives() {
        try (RoadAgent vehicle = start(new Visitors.Readers())) {
            talk(vehicle, "", stub -> {
                assertTrue(get(stub, SPEED).getValue().hasFloat());
                denied(() -> get(stub, LATITUDE));
                denied(() -> actuate(stub, FAN, FULL));
                denied(() -> publishSpeed(stub));
                assertTrue(stub.listMetadata(ListMetadataRequest.newBuilder()
                                .setRoot("Vehicle.CurrentLocation")
                                .build())
                        .getMetadataList()
                        .isEmpty());
            });
            assertTrue(recordsDenial(vehicle, "tool.databroker.anybody", "signal " + LATITUDE + " read"));
            assertTrue(recordsDenial(vehicle, "tool.databroker.anybody", "signal " + FAN + " actuate"));
            assertTrue(recordsDenial(vehicle, "tool.databroker.anybody", "signal " + SPEED + " provide"));
            assertFalse(
                    recordsDenial(vehicle, "tool.databroker.anybody", "signal Vehicle.CurrentLocation.Heading read"));
        }
    }

    @Test
    void anAgentsSocketcandListensAndIsRefusedToSend() throws IOException {
        try (RoadAgent vehicle = start(new Visitors.Readers());
                Candler candler = new Candler(vehicle)) {
            candler.nextWith("< frame 0A0 ");
            candler.say("< send 0D0 2 1 2 >");
            candler.nextWith("< error could not send");
            assertTrue(recordsDenial(vehicle, "tool.socketcand.anybody", "can can0 tx D0"));
        }
    }

    @Test
    void aTokenOnlyNarrowsWhatThePolicyGivesItsHolder() throws GeneralSecurityException {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String all = token(keys, "local dev", "read actuate provide");
        String reader = token(keys, "dash", "read:Vehicle.Speed");
        try (RoadAgent vehicle = start(new Visitors.TokenHolders(List.of(keys.getPublic())))) {
            talk(
                    vehicle,
                    "",
                    stub -> assertEquals(
                            Status.Code.UNAUTHENTICATED,
                            assertThrows(StatusRuntimeException.class, () -> get(stub, SPEED))
                                    .getStatus()
                                    .getCode()));
            talk(vehicle, "Bearer " + all, stub -> {
                actuate(stub, FAN, FULL);
                denied(() -> actuate(stub, BRAKE, FULL));
                denied(() -> publishSpeed(stub));
                denied(() -> get(stub, LATITUDE));
            });
            talk(vehicle, "Bearer " + reader, stub -> {
                get(stub, SPEED);
                denied(() -> actuate(stub, FAN, FULL));
                denied(() -> get(stub, FAN));
            });
            String dev = "tool.databroker." + URLEncoder.encode("local dev", StandardCharsets.UTF_8);
            assertTrue(audit(vehicle).stream()
                    .anyMatch(entry -> entry.getAppId().equals(dev)
                            && entry.getActuated().getPath().equals(FAN)
                            && entry.getActuated().getStatus() == 0));
            assertTrue(recordsDenial(vehicle, dev, "signal " + BRAKE + " actuate"));
            assertTrue(recordsDenial(vehicle, "tool.databroker.dash", "signal " + FAN + " actuate"));
        }
    }

    private static String token(KeyPair keys, String subject, String scope) throws GeneralSecurityException {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String claims = "{\"sub\":\"" + subject + "\",\"exp\":4102444800,\"scope\":\"" + scope + "\"}";
        String body = base64.encodeToString("{\"alg\":\"EdDSA\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(body.getBytes(StandardCharsets.US_ASCII));
        return body + "." + base64.encodeToString(signer.sign());
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingRuns() {
        try (RoadAgent vehicle = start(new Visitors.Everybody())) {
            int taken = vehicle.databrokerPort().orElseThrow();
            ToolPorts same = new ToolPorts(Optional.empty(), Optional.of(taken), new Visitors.Everybody());
            Exception failure = assertThrows(
                    RuntimeException.class,
                    () -> LiveVehicle.start(DriveCycle.udds(), same, data.resolve("second"), new SecureRandom()));
            assertTrue(String.valueOf(failure.getMessage()).contains("port " + taken), failure.toString());
        }
    }
}
