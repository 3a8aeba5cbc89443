package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.lifecycle.UpdateReport;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.CompilingEngine;
import dev.bulkhead.agent.sandbox.PlatformStrand;
import dev.bulkhead.agent.sandbox.Strand;
import dev.bulkhead.agent.service.RealTimeClass;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A hand-over on real threads: what events wait for is in real time, but no guest keeps it there. */
@EnabledOnOs(OS.LINUX)
class HandoverRealTimeTest {
    private static final String LOOPS_AT_THE_CUT = """
            (i32.store (i32.const 1000) (i32.add (i32.load (i32.const 1000)) (i32.const 1)))
            (if (i32.eq (i32.load (i32.const 1000)) (i32.const 2)) (then (loop $for_ever (br $for_ever))))\
            """;

    @TempDir
    Path dir;

    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors(Instant.now());
    private final SystemClock clock = new SystemClock();
    private final SystemScheduler scheduler = new SystemScheduler(clock);
    private final TestVehicle.Recorder recorder = new TestVehicle.Recorder(clock);
    private final List<UpdateReport> reports = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final RealTimeClass realTime = new RealTimeClass();
    private final Set<String> left = new ConcurrentSkipListSet<>();

    /** Writes down whose thread leaves real time, and on which. */
    private Runnable enterRealTime(Runnable late) {
        String who = Thread.currentThread().getName();
        Runnable leave = realTime.enter(late);
        return () -> {
            left.add(who + " leaves on " + Thread.currentThread().getName());
            leave.run();
        };
    }

    private Strand strand(String name, int depth, Strand.Rank rank) {
        return PlatformStrand.open(name, depth, rank, clock::nanos, this::enterRealTime);
    }

    private Agent start() {
        Agent agent = Agent.assemble(new AgentParts(
                "veh-1",
                "test",
                dir,
                DefaultVehicle.tree(),
                VehiclePolicy.parse(TestVehicle.POLICY, "policy.toml"),
                ActuatorFrames.none(),
                () -> new TrustAnchor(vendors.root.certificate()),
                vendors.vehicleKey,
                TestVehicle.SEAL,
                clock,
                scheduler,
                this::strand,
                CpuClock::ofThread,
                CompilingEngine.metered(),
                name -> new SplittableRandom(name.hashCode()),
                List.of(recorder),
                Optional.empty(),
                Map.of(),
                (where, fault) -> faults.add(where + ": " + fault)));
        agent.installer().observe(reports::add);
        agent.start();
        return agent;
    }

    private static void stop(Agent agent) throws InterruptedException {
        agent.beginShutdown();
        await(agent::quiet, "quiet");
        agent.finishShutdown();
    }

    @AfterEach
    void stopTimers() {
        scheduler.close();
    }

    private void install(Agent agent, int release, String restore) throws Exception {
        byte[] signed = vendors.packed(
                HandoverTest.manifest(release)
                        .replace("probation = \"2s\"", "probation = \"0s\"\nshadow = \"0s\"")
                        .replace("callback = \"20ms\"", "callback = \"500ms\""),
                HandoverTest.relay(restore, ""));
        Path file = Files.write(dir.resolve("package-" + release), signed);
        agent.installer().install(InstallOrder.sideload("order-" + release), file);
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertTrue(condition.getAsBoolean(), what);
    }

    private boolean reported(int release, Class<? extends UpdateOutcome> outcome) {
        return reports.stream()
                .anyMatch(report -> report.release().release() == release && outcome.isInstance(report.outcome()));
    }

    private static String running(Agent agent) {
        var slot = agent.orchestrator().app(HandoverTest.APP).orElseThrow().slot();
        return slot.active().orElseThrow().release().version() + " "
                + slot.phase().word();
    }

    /** What the old version makes of the values that come while, and after, its successor loops. */
    private List<Integer> relayed(Agent agent, CanPort port, int values) throws InterruptedException {
        int speed = agent.signals().tree().find("Vehicle.Speed").orElseThrow().id();
        List<Integer> came = new ArrayList<>();
        for (int value = 1; value <= values; value++) {
            agent.signals().publish(speed, (double) value, value);
            TimeUnit.MILLISECONDS.sleep(2);
        }
        await(
                () -> {
                    port.receive(
                            4_096,
                            (frame, time) -> came.add(ByteBuffer.wrap(frame.data())
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .getInt()));
                    return came.size() >= values;
                },
                "all values come through");
        return came;
    }

    @Test
    void aVersionThatLoopsInRestoreStateAtTheCutIsOutOfRealTimeBeforeItIsKilledAndTheOldOneGoesOn() throws Exception {
        Agent agent = start();
        try {
            CanPort port = recorder.bus.open(List.of(CanFilter.ANY_DATA), 4_096, () -> {});
            install(agent, 1, "");
            await(() -> reported(1, UpdateOutcome.Proven.class), "the first release runs");

            install(agent, 2, LOOPS_AT_THE_CUT);
            List<Integer> came = relayed(agent, port, 500);
            await(() -> reported(2, UpdateOutcome.RolledBack.class), "the second is rolled back");
            await(() -> running(agent).equals("1.0.0 RUNNING"), "the first goes on");

            assertEquals(IntStream.rangeClosed(1, 500).boxed().toList(), came);
            assertEquals(
                    Set.of(
                            "com.acme.relay#1 leaves on real time is over",
                            "com.acme.relay#2 leaves on real time is over"),
                    left,
                    "neither thread had to wait until the guest came back");
            assertAudited(TestVehicle.audit(agent));
            assertEquals(List.of(), faults);
        } finally {
            stop(agent);
        }
    }

    private static void assertAudited(List<AuditEntry> audit) {
        assertTrue(audit.stream()
                .anyMatch(entry -> entry.hasBudgetExceeded()
                        && entry.getVersion().equals("2.0.0")
                        && entry.getBudgetExceeded().getResource().equals("callback")
                        && entry.getBudgetExceeded().getAction().equals("killed")));
        assertTrue(audit.stream()
                .anyMatch(entry -> entry.hasSwapped()
                        && entry.getVersion().equals("1.0.0")
                        && !entry.getSwapped().getSuccess()
                        && entry.getSwapped().getWhy().contains("one callback took more than 500000000 ns")));
    }
}
