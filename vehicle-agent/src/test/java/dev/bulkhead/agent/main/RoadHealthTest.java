package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.lifecycle.TransitionNote;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that do not come back, in real time: from a host call that waits, from on_stop, from a loop. */
class RoadHealthTest {
    @TempDir
    Path dir;

    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors(Instant.now());
    private final SystemClock clock = new SystemClock();
    private final TestVehicle.Recorder recorder = new TestVehicle.Recorder(clock);

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
                Optional.empty()));
    }

    private void install(RoadAgent agent, String app, String more, String wat) throws Exception {
        byte[] content = vendors.packed(
                AgentStoryTest.manifest(app, "1.0.0", 1, more).replace("5ms/100ms", "90ms/100ms"),
                TestVehicle.wat(wat));
        Path file = Files.write(dir.resolve(app), content);
        assertInstanceOf(
                InstallReceipt.Accepted.class,
                agent.agent().installer().install(InstallOrder.sideload("by hand"), file));
        await("RUNNING of " + app, () -> phase(agent, app).equals("RUNNING"));
    }

    private static boolean proven(RoadAgent agent, String app) {
        return agent.agent()
                .orchestrator()
                .app(app)
                .orElseThrow()
                .slot()
                .trial()
                .isEmpty();
    }

    private static String phase(RoadAgent agent, String app) {
        return agent.agent()
                .orchestrator()
                .app(app)
                .orElseThrow()
                .slot()
                .phase()
                .word();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1_500 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertTrue(condition.getAsBoolean(), what);
    }

    private static boolean failed(RoadAgent agent, String app, String cause) {
        return agent.agent().orchestrator().transitions(app).stream()
                .map(TransitionNote::cause)
                .anyMatch(each -> each.contains(cause));
    }

    private static final String WRITES_EACH_TENTH = """
            (module
              (import "app" "kv_put" (func $put (param i32 i32 i32 i32) (result i32)))
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32)
                (drop (call $put (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1))) (i32.const 0)))
            """;

    private static final String LISTENS = """
            (module
              (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 1024))
              (func (export "on_start") (result i32) (call $timer (i32.const 1) (i32.const 100) (i32.const 100)))
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0)))
            """;

    @Test
    void anAppThatWaitsInAHostCallBeyondItsDeadlineIsHealedAndDelaysNobody() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch disk = new CountDownLatch(1);
        try (RoadAgent agent = start()) {
            install(
                    agent,
                    "com.acme.writer",
                    "[health]\ndeadline = \"500ms\"\n" + AgentStoryTest.grants("storage 64KiB"),
                    WRITES_EACH_TENTH);
            install(agent, "com.acme.other", "", LISTENS);
            await("both are proven", () -> proven(agent, "com.acme.writer") && proven(agent, "com.acme.other"));
            Thread stall = Thread.ofPlatform().start(() -> stall(agent, stalled, disk));
            stalled.await();
            await(
                    "the deadline",
                    () -> failed(agent, "com.acme.writer", "did not come back from a callback within 500ms"));
            assertEquals("RUNNING", phase(agent, "com.acme.other"));
            await("walled off", () -> phase(agent, "com.acme.writer").equals("QUARANTINED"));
            disk.countDown();
            stall.join();
            agent.agent()
                    .orchestrator()
                    .apply("com.acme.writer", new SupervisorEvent.Operator(SupervisorEvent.Verb.START, "test"));
            await("it runs again", () -> phase(agent, "com.acme.writer").equals("RUNNING"));
        } finally {
            disk.countDown();
        }
    }

    /** A write that the disk does not finish: all others wait for it. */
    private static void stall(RoadAgent agent, CountDownLatch stalled, CountDownLatch disk) {
        agent.agent().keyValues().put("com.acme.other", new byte[1], new byte[1], 1_000, () -> {
            stalled.countDown();
            try {
                disk.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static final String NEVER_STOPS = LISTENS.replace(
            "(func (export \"on_event\")",
            "(func (export \"on_stop\") (loop $l (br $l)))\n(func (export \"on_event\")");

    @Test
    void theAgentEndsWithinItsDeadlineWhateverAppsDoInOnStop() throws Exception {
        RoadAgent agent = start();
        for (String app : List.of("com.acme.one", "com.acme.two", "com.acme.three")) {
            install(agent, app, "", NEVER_STOPS);
        }
        install(
                agent,
                "com.acme.spins",
                "",
                LISTENS.replace(
                        "(param i32 i32) (result i32) (i32.const 0)",
                        "(param i32 i32) (result i32) (loop $l (br $l)) (i32.const 0)"));
        long before = clock.nanos();
        agent.close();
        Duration took = Duration.ofNanos(clock.nanos() - before);
        assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, "took " + took + ", and the deadline for apps is 5 s");
        assertTrue(agent.agent().quiet(), "nothing of an app is left");
        try (RoadAgent again = start()) {
            await(
                    "what was wished for is back",
                    () -> phase(again, "com.acme.one").equals("RUNNING"));
        }
    }
}
