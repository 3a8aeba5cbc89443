package dev.bulkhead.agent.main;

import static dev.bulkhead.agent.main.HostileModule.onEvent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.contract.proto.AgentGrpc;
import dev.bulkhead.contract.proto.AppStatus;
import dev.bulkhead.contract.proto.ListAppsRequest;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that spends what it has: the status it is listed with, and the page of metrics, go with what it does, in real time. */
final class MovingFiguresTest {
    private static final String APP = "com.acme.spender";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAGE = 65_536;
    private static final long MEMORY = 4 * PAGE;

    /** Grows by a page while it may, writes thirty lines where twenty a second are its budget, and is never done. */
    private static final byte[] SPENDS = onEvent("(drop (memory.grow (i32.const 1)))"
                    + "(loop $r (drop (call $log (i32.const 0) (i32.const 16) (i32.const 13)))"
                    + " (local.set $i (i32.add (local.get $i) (i32.const 1)))"
                    + " (br_if $r (i32.lt_u (local.get $i) (i32.const 30))))"
                    + "(if (i32.gt_u (memory.size) (i32.const 2)) (then (loop $l (br $l))))")
            .bytes();

    @TempDir
    Path dir;

    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors(Instant.now());
    private final SystemClock clock = new SystemClock();

    private RoadAgent start() {
        return RoadAgent.start(new RoadSettings(
                "veh-1",
                "test",
                dir.resolve("data"),
                DefaultVehicle.tree(),
                VehiclePolicy.parse(TestVehicle.POLICY, "policy.toml"),
                ActuatorFrames.none(),
                new TrustAnchor(vendors.root.certificate()),
                List.of(new TestVehicle.Recorder(clock)),
                Optional.empty(),
                0,
                Optional.empty()));
    }

    @Test
    void cpuWaitingMemoryAndLogLinesMoveAsTheAppSpendsThem() throws Exception {
        try (RoadAgent agent = start()) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", agent.apiPort())
                    .usePlaintext()
                    .build();
            try {
                install(agent);
                AgentGrpc.AgentBlockingStub stub = stub(channel);
                AppStatus held =
                        await(stub, status -> status.getThrottled() >= 2 && status.getMemoryBytes() >= 3 * PAGE);
                assertEquals("THROTTLED", held.getPhase());
                assertTrue(held.getMemoryBytes() <= MEMORY, held::toString);
                assertEquals(MEMORY, held.getMemoryLimitBytes());
                assertTrue(held.getCpuNanos() >= held.getCpuQuotaNanos(), held::toString);
                String before = page(agent);
                agrees(before, held);
                AppStatus later = await(stub, status -> status.getThrottled() >= held.getThrottled() + 2);
                assertTrue(later.getCpuNanos() > held.getCpuNanos(), later::toString);
                String after = page(agent);
                agrees(after, later);
                assertTrue(value(after, "cpu_seconds_total") > value(before, "cpu_seconds_total"), after);
                assertTrue(value(after, "throttled_total") > value(before, "throttled_total"), after);
                assertTrue(value(after, "throttled_seconds_total") > value(before, "throttled_seconds_total"), after);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** A page that was read after a status says the same and what was spent since. */
    private static void agrees(String page, AppStatus status) {
        assertTrue(value(page, "cpu_seconds_total") >= status.getCpuNanos() / 1e9, page);
        assertTrue(value(page, "throttled_total") >= status.getThrottled(), page);
        assertTrue(value(page, "throttled_seconds_total") > 0, page);
        assertEquals((double) status.getMemoryBytes(), value(page, "memory_bytes"), page);
        assertEquals(MEMORY, value(page, "memory_limit_bytes"), page);
        assertEquals(0.05, value(page, "cpu_quota_ratio"), page);
        assertEquals(20, value(page, "log_limit"), page);
        assertTrue(value(page, "log_lines_total") >= 20, page);
        assertTrue(value(page, "log_dropped_total") >= 1, page);
    }

    private static double value(String page, String family) {
        String start = "bulkhead_app_" + family + "{app=\"" + APP + "\"} ";
        return page.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + start + "in\n" + page));
    }

    private static String page(RoadAgent agent) throws Exception {
        return new String(MetricsPage.page(new AgentMetrics(agent.agent())), StandardCharsets.UTF_8);
    }

    private void install(RoadAgent agent) throws Exception {
        String manifest = HostileAppsTest.manifest(APP).replace("callback = \"20ms\"", "callback = \"60s\"");
        Path file = Files.write(dir.resolve(APP), vendors.packed(manifest, SPENDS));
        assertInstanceOf(
                InstallReceipt.Accepted.class,
                agent.agent().installer().install(InstallOrder.sideload("by hand"), file));
    }

    private AgentGrpc.AgentBlockingStub stub(ManagedChannel channel) throws Exception {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + Files.readString(dir.resolve("data/api.token")).trim());
        return AgentGrpc.newBlockingStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private AppStatus await(AgentGrpc.AgentBlockingStub stub, Predicate<AppStatus> condition) throws Exception {
        long until = clock.nanos() + PATIENCE.toNanos();
        AppStatus status = AppStatus.getDefaultInstance();
        while (!condition.test(status) && clock.nanos() < until) {
            TimeUnit.MILLISECONDS.sleep(20);
            status = stub.listApps(ListAppsRequest.getDefaultInstance()).getApps(0);
        }
        assertTrue(condition.test(status), status::toString);
        return status;
    }
}
