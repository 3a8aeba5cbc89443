package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.capability.CapabilityParser;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.contract.proto.ActuatorView;
import dev.bulkhead.contract.proto.AgentGrpc;
import dev.bulkhead.contract.proto.AgentStatusRequest;
import dev.bulkhead.contract.proto.AppDetail;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.AuditLogEntry;
import dev.bulkhead.contract.proto.AuditLogRequest;
import dev.bulkhead.contract.proto.AuditMatrixRequest;
import dev.bulkhead.contract.proto.ControlRequest;
import dev.bulkhead.contract.proto.ExportAuditRequest;
import dev.bulkhead.contract.proto.FileChunk;
import dev.bulkhead.contract.proto.InspectRequest;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.ListActuatorsRequest;
import dev.bulkhead.contract.proto.ListAppsRequest;
import dev.bulkhead.contract.proto.ListAppsResponse;
import dev.bulkhead.contract.proto.LogLine;
import dev.bulkhead.contract.proto.ReadSignalsRequest;
import dev.bulkhead.contract.proto.TailLogsRequest;
import dev.bulkhead.contract.proto.UninstallRequest;
import dev.bulkhead.contract.proto.WatchAppsRequest;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.security.signing.PackageStatement;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent in real time, asked and told over its local API. */
class RoadAgentTest {
    private static final String APP = "com.acme.fan";

    @TempDir
    Path dir;

    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors(Instant.now());
    private final TestVehicle.Recorder recorder = new TestVehicle.Recorder(new SystemClock());

    private RoadAgent start() {
        return RoadAgent.start(new RoadSettings(
                "veh-1",
                "test",
                dir.resolve("data"),
                DefaultVehicle.tree(),
                VehiclePolicy.parse(TestVehicle.POLICY, "policy.toml"),
                ActuatorFrames.none(),
                new TrustAnchor(vendors.root.certificate()),
                List.of(recorder),
                Optional.empty(),
                0,
                Optional.of(0)));
    }

    private byte[] fan() {
        AppPackage app = PackageWriter.assemble(
                AgentStoryTest.manifest(APP, "1.0.0", 1, AgentStoryTest.FAN_GRANTS)
                        .getBytes(StandardCharsets.UTF_8),
                TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED),
                Optional.empty(),
                Optional.empty());
        return PackageWriter.write(
                app.signedBy(vendors.acme.sign(PackageStatement.of(app)).encode()));
    }

    private static InstallResponse upload(AgentGrpc.AgentStub stub, byte[] content) throws Exception {
        CompletableFuture<InstallResponse> answer = new CompletableFuture<>();
        StreamObserver<InstallChunk> upload = stub.install(new StreamObserver<>() {
            @Override
            public void onNext(InstallResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        });
        int half = content.length / 2;
        upload.onNext(InstallChunk.newBuilder()
                .setLabel("by hand")
                .setData(ByteString.copyFrom(content, 0, half))
                .build());
        upload.onNext(InstallChunk.newBuilder()
                .setData(ByteString.copyFrom(content, half, content.length - half))
                .build());
        upload.onCompleted();
        return answer.get(20, TimeUnit.SECONDS);
    }

    private static AppStatus await(AgentGrpc.AgentBlockingStub stub, String phase) {
        AppStatus last = AppStatus.getDefaultInstance();
        Iterator<ListAppsResponse> lists = stub.withDeadlineAfter(20, TimeUnit.SECONDS)
                .watchApps(WatchAppsRequest.newBuilder().setPeriodMs(100).build());
        while (!last.getPhase().equals(phase) && lists.hasNext()) {
            var apps = lists.next().getAppsList();
            last = apps.isEmpty() ? last : apps.getFirst();
        }
        return last;
    }

    private ManagedChannel channel(RoadAgent agent) {
        return NettyChannelBuilder.forAddress("127.0.0.1", agent.apiPort())
                .usePlaintext()
                .build();
    }

    private Metadata token(String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + value);
        return headers;
    }

    private <S extends AbstractStub<S>> S open(S stub) throws Exception {
        String secret = Files.readString(dir.resolve("data/api.token")).trim();
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(token(secret)));
    }

    @Test
    void installsRunsInspectsAndRemovesAnApp() throws Exception {
        try (RoadAgent agent = start()) {
            ManagedChannel channel = channel(agent);
            AgentGrpc.AgentBlockingStub stub = open(AgentGrpc.newBlockingStub(channel));

            InstallResponse installed = upload(open(AgentGrpc.newStub(channel)), fan());
            assertEquals("accepted", installed.getResult(), installed.getDetail());
            AppStatus status = await(stub, "RUNNING");
            assertEquals("RUNNING", status.getPhase(), status.getCause());
            assertEquals("acme", status.getVendor());

            int speed = agent.agent()
                    .signals()
                    .tree()
                    .find("Vehicle.Speed")
                    .orElseThrow()
                    .id();
            for (int i = 1; i <= 40 && !recorder.values.containsValue("20"); i++) {
                agent.agent().signals().publish(speed, 80.0, i);
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertTrue(recorder.values.containsValue("20"), recorder.values.toString());

            AppDetail detail =
                    stub.inspect(InspectRequest.newBuilder().setAppId(APP).build());
            assertEquals(2, detail.getHandlesCount(), detail.toString());
            assertEquals(4, detail.getGrantsCount());
            assertTrue(detail.getManifestToml().contains(APP));
            Iterator<LogLine> lines = stub.tailLogs(
                    TailLogsRequest.newBuilder().setAppId(APP).setLines(100).build());
            List<String> texts = new ArrayList<>();
            lines.forEachRemaining(line -> texts.add(line.getText()));
            assertTrue(texts.contains("hello from VERSION"), texts.toString());
            assertTrue(stub.auditMatrix(AuditMatrixRequest.getDefaultInstance()).getRowsList().stream()
                    .anyMatch(row -> row.getCapability().contains("Brake") && row.getDenied() > 0));
            Iterator<AuditLogEntry> entries =
                    stub.auditLog(AuditLogRequest.newBuilder().setAppId(APP).build());
            assertTrue(entries.hasNext());
            Iterator<FileChunk> files = stub.exportAudit(ExportAuditRequest.getDefaultInstance());
            assertTrue(files.hasNext());
            files.forEachRemaining(chunk -> assertTrue(!chunk.getPath().isEmpty()));
            assertEquals(
                    1,
                    stub.listActuators(ListActuatorsRequest.getDefaultInstance())
                            .getActuatorsCount());
            assertEquals(
                    "80.0",
                    stub.readSignals(ReadSignalsRequest.newBuilder()
                                    .setGlob("Vehicle.Speed")
                                    .build())
                            .getSignals(0)
                            .getValue());
            assertEquals(
                    "veh-1",
                    stub.status(AgentStatusRequest.getDefaultInstance()).getVehicleId());

            stub.control(ControlRequest.newBuilder()
                    .setAppId(APP)
                    .setVerb(ControlRequest.Verb.STOP)
                    .build());
            assertEquals("STOPPED", await(stub, "STOPPED").getPhase());
            stub.control(ControlRequest.newBuilder()
                    .setAppId(APP)
                    .setVerb(ControlRequest.Verb.START)
                    .build());
            assertEquals("RUNNING", await(stub, "RUNNING").getPhase());
            stub.uninstall(UninstallRequest.newBuilder().setAppId(APP).build());
            for (int i = 0;
                    i < 100
                            && stub.listApps(ListAppsRequest.getDefaultInstance())
                                            .getAppsCount()
                                    > 0;
                    i++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertEquals(0, stub.listApps(ListAppsRequest.getDefaultInstance()).getAppsCount());
            channel.shutdownNow();
        }
    }

    @Test
    void letsNobodyInWithoutTheToken() throws Exception {
        try (RoadAgent agent = start()) {
            ManagedChannel channel = channel(agent);
            AgentGrpc.AgentBlockingStub bare = AgentGrpc.newBlockingStub(channel);
            StatusRuntimeException refused = assertThrows(
                    StatusRuntimeException.class, () -> bare.listApps(ListAppsRequest.getDefaultInstance()));
            assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
            AgentGrpc.AgentBlockingStub wrong =
                    bare.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(token("0".repeat(64))));
            refused = assertThrows(
                    StatusRuntimeException.class, () -> wrong.listApps(ListAppsRequest.getDefaultInstance()));
            assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
            channel.shutdownNow();
        }
    }

    @Test
    void saysWhenAnAppIsUnknownOrThePackageIsNone() throws Exception {
        try (RoadAgent agent = start()) {
            ManagedChannel channel = channel(agent);
            AgentGrpc.AgentBlockingStub stub = open(AgentGrpc.newBlockingStub(channel));
            StatusRuntimeException unknown = assertThrows(
                    StatusRuntimeException.class,
                    () -> stub.inspect(InspectRequest.newBuilder()
                            .setAppId("com.acme.none")
                            .build()));
            assertEquals(Status.Code.NOT_FOUND, unknown.getStatus().getCode());
            InstallResponse refused = upload(open(AgentGrpc.newStub(channel)), new byte[] {1, 2, 3});
            assertEquals("refused", refused.getResult());
            assertEquals("malformed", refused.getReason());
            channel.shutdownNow();
        }
    }

    @Test
    void showsHealthAndMetrics() throws Exception {
        try (RoadAgent agent = start();
                HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + agent.metricsPort().orElseThrow());
            assertEquals("ok\n", get(client, page.resolve("/healthz")));
            String metrics = get(client, page.resolve("/metrics"));
            assertTrue(metrics.contains("# TYPE bulkhead_audit_entries_total counter\n"), metrics);
        }
    }

    /** Reads until the agent hangs up. */
    private static void awaitEnd(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        try {
            while (socket.getInputStream().read() >= 0) {
                // its greeting and its farewell
            }
        } catch (SocketException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
        }
    }

    @Test
    void whoSpeaksNonsenseOrNothingToTheLocalApiIsCutOff() throws Exception {
        try (RoadAgent agent = start();
                Socket babbler = new Socket(InetAddress.getLoopbackAddress(), agent.apiPort());
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), agent.apiPort())) {
            babbler.getOutputStream().write("no HTTP/2 at all ".repeat(1_000).getBytes(StandardCharsets.UTF_8));
            awaitEnd(babbler);
            awaitEnd(silent);
            ManagedChannel channel = channel(agent);
            AgentGrpc.AgentBlockingStub stub = open(AgentGrpc.newBlockingStub(channel));
            assertEquals(
                    "veh-1",
                    stub.status(AgentStatusRequest.getDefaultInstance()).getVehicleId());
            channel.shutdownNow();
        }
    }

    @Test
    void theStateOfAnActuatorIsOnTheMetricsPageAndInTheApi() throws Exception {
        try (RoadAgent agent = start();
                HttpClient client = HttpClient.newHttpClient()) {
            SignalLeaf fan = agent.agent()
                    .signals()
                    .tree()
                    .find("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed")
                    .orElseThrow();
            SignalActuate grant = (SignalActuate) CapabilityParser.parse("signal " + fan.path() + " actuate priority=7")
                    .capability();
            ActuatorClaim claim = agent.agent()
                    .actuators()
                    .claim(fan, new ActuatorOwner("com.acme.fan", 1), grant, (leaf, cause) -> {});
            claim.acquire(7, 60_000_000_000L);
            claim.set(40L);
            claim.set(101L);
            String page = get(
                    client, URI.create("http://127.0.0.1:" + agent.metricsPort().orElseThrow() + "/metrics"));
            String path = "path=\"" + fan.path() + "\"";
            for (String line : List.of(
                    "bulkhead_actuator_owned{app=\"com.acme.fan\"," + path + "} 7.0",
                    "bulkhead_actuator_commands_total{" + path + "} 1.0",
                    "bulkhead_actuator_refusals_total{" + path + "} 1.0",
                    "bulkhead_actuator_last_refusal{" + path + ",why=\"RANGE for com.acme.fan#1\"} 1.0",
                    "bulkhead_driver_up{")) {
                assertTrue(page.contains(line), () -> line + " is not in\n" + page);
            }
            assertTheApiTellsOf(agent, fan.path());
        }
    }

    private void assertTheApiTellsOf(RoadAgent agent, String path) throws Exception {
        ManagedChannel channel = channel(agent);
        try {
            List<ActuatorView> views = open(AgentGrpc.newBlockingStub(channel))
                    .listActuators(ListActuatorsRequest.getDefaultInstance())
                    .getActuatorsList();
            assertEquals(1, views.size(), views::toString);
            ActuatorView view = views.getFirst();
            assertEquals(path, view.getPath());
            assertTrue(view.getOwner().startsWith("com.acme.fan"), view.getOwner());
            assertEquals(7, view.getPriority());
            assertTrue(view.getLeaseLeftMs() > 0 && view.getLeaseLeftMs() <= 60_000, () -> "" + view.getLeaseLeftMs());
            assertEquals("40", view.getValue());
            assertEquals("RANGE for com.acme.fan#1", view.getRefusal());
            assertEquals(1, view.getCommands());
            assertEquals(1, view.getRefusals());
            assertTrue(view.getDriven());
        } finally {
            channel.shutdownNow();
        }
    }

    private static String get(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
