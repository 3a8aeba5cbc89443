package dev.bulkhead.agent.main;

import static dev.bulkhead.agent.main.HostileModule.onEvent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.LogBook;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.main.Ticks.Rhythm;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile apps on threads of their own, in real time and by the real CPU clock, beside one that ticks: what {@link HostileAppsTest} cannot see, where one
 * thread does everything and time stands still while it does. Bounds are far from what is normal, so that a busy machine is no reason to fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileNeighboursTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WATCHED = Duration.ofSeconds(1);
    /** Beyond its 5 ms of 100: a call that was begun is finished, and paid back later. */
    private static final Duration CPU_MARGIN = Duration.ofMillis(300);

    /** Beyond what a thread that does nothing but sleep finds between two of its turns. */
    private static final Duration LONGEST_GAP = Duration.ofSeconds(1);

    private static final String GOES_ON = "RUNNING";
    private static final String WALLED_OFF = "QUARANTINED";

    @TempDir
    static Path dir;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Attack(
            String name, byte[] module, String budget, String phase, boolean endless, Predicate<AuditEntry> written) {}

    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors(Instant.now());
    private final SystemClock clock = new SystemClock();
    private final HonestNeighbour neighbour = new HonestNeighbour(clock);
    private final Witness witness = new Witness(clock);
    private final HttpClient http = HttpClient.newHttpClient();
    private RoadAgent agent;
    private int attacks;

    @BeforeAll
    void theNeighbourMovesIn() throws Exception {
        agent = RoadAgent.start(new RoadSettings(
                "veh-1",
                "test",
                dir.resolve("data"),
                DefaultVehicle.tree(),
                VehiclePolicy.parse(TestVehicle.POLICY, "policy.toml"),
                ActuatorFrames.none(),
                new TrustAnchor(vendors.root.certificate()),
                List.of(neighbour),
                Optional.empty(),
                0,
                Optional.of(0)));
        install(HonestNeighbour.APP, HonestNeighbour.manifest(), HonestNeighbour.module());
        await(HonestNeighbour.APP, GOES_ON);
    }

    @AfterAll
    void close() {
        http.close();
        witness.close();
        agent.close();
    }

    @TestFactory
    Stream<DynamicTest> theNeighbourKeepsItsRhythm() {
        return Stream.of(
                        heldBack("loops for ever in its callback", onEvent("(loop $l (br $l))")),
                        heldBack(
                                "asks for random bytes for ever",
                                onEvent("(loop $l (drop (call $random (i32.const 0) (i32.const 60000))) (br $l))")),
                        heldBack("writes and lists what it stores, for ever", onEvent(STORES_AND_LISTS)),
                        heldBack(
                                "grows its memory for ever",
                                onEvent("(loop $l (drop (memory.grow (i32.const 1))) (br $l))")),
                        heldBack(
                                "takes all events and is never done with one",
                                onEvent(SPINS_LONG).starting(SUBSCRIBES)),
                        goesOn("fills its storage", onEvent(FILLS_STORAGE), exceeded("storage", "refused")),
                        goesOn("fills the log", onEvent(FILLS_LOG), exceeded("log", "dropped")),
                        goesOn("leaks handles", onEvent(LEAKS_HANDLES), exceeded("handles", "refused")),
                        goesOn("asks for memory it has not", onEvent(GROWS), exceeded("memory", "refused")),
                        heldBack("floods its neighbour", onEvent(FLOODS_NEIGHBOUR)),
                        goesOn("is large to compile", large(), AuditEntry::hasStarted),
                        walledOff(
                                "loops beyond its callback's limit",
                                onEvent("(loop $l (br $l))"),
                                exceeded("callback", "killed")),
                        walledOff(
                                "never comes back from its start function",
                                onEvent("").with("(func $spin (loop $l (br $l))) (start $spin)"),
                                exceeded("callback", "killed")),
                        walledOff("recurses for ever", onEvent("(call $self)"), stopped("call stack exhausted")),
                        killedAtItsQuota("loops beyond a quota that kills", onEvent("(loop $l (br $l))")))
                .map(attack -> DynamicTest.dynamicTest(
                        attack.name(), () -> assertTimeoutPreemptively(PATIENCE.multipliedBy(4), () -> run(attack))));
    }

    private static final String STORES_AND_LISTS = "(loop $l"
            + " (i32.store (i32.const 1000) (global.get $n))"
            + " (global.set $n (i32.rem_u (i32.add (global.get $n) (i32.const 1)) (i32.const 2000)))"
            + " (drop (call $put (i32.const 1000) (i32.const 4) (i32.const 0) (i32.const 1)))"
            + " (drop (call $list (i32.const 0) (i32.const 0) (i32.const 2000) (i32.const 60000)))"
            + " (br $l))";

    private static final String SUBSCRIBES = "(drop (call $sub (call $open (i32.const 16) (i32.const 13) (i32.const 1))"
            + " (i32.const 1) (i32.const 0) (f64.const 0) (i32.const 32)))";

    /** Some 20 million turns: longer than anybody looks on. */
    private static final String SPINS_LONG = "(loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))"
            + " (br_if $l (i32.lt_u (local.get $i) (i32.const 0x7fffffff))))";

    private static final String FILLS_STORAGE = "(i32.store (i32.const 1000) (global.get $n))"
            + " (global.set $n (i32.add (global.get $n) (i32.const 1)))"
            + " (drop (call $put (i32.const 1000) (i32.const 4) (i32.const 2000) (i32.const 20000)))";

    private static final String FILLS_LOG =
            repeat(1_000, "(drop (call $log (i32.const 0) (i32.const 0) (i32.const 1000)))");

    private static final String LEAKS_HANDLES =
            repeat(1_000, "(drop (call $open (i32.const 16) (i32.const 13) (i32.const 1)))");

    private static final String GROWS = repeat(1_000, "(drop (memory.grow (i32.const 1)))");

    private static final String FLOODS_NEIGHBOUR =
            "(loop $l (drop (call $publish (i32.const 48) (i32.const 5) (i32.const 0) (i32.const 4096))) (br $l))";

    private static String repeat(int times, String body) {
        return "(local.set $i (i32.const 0)) (loop $r " + body
                + " (local.set $i (i32.add (local.get $i) (i32.const 1)))"
                + " (br_if $r (i32.lt_u (local.get $i) (i32.const " + times + "))))";
    }

    private static HostileModule large() {
        return onEvent("")
                .with("(func (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))".repeat(2_000))
                .function(HostileModule.body(new int[] {0}, 75_000, 0x41, 0, 0x1A));
    }

    /** Its callbacks may be long, so that nothing but its quota holds it back. */
    private static Attack heldBack(String name, HostileModule module) {
        return new Attack(name, module.bytes(), "callback = \"60s\"", GOES_ON, true, exceeded("cpu", "throttled"));
    }

    private static Attack goesOn(String name, HostileModule module, Predicate<AuditEntry> written) {
        return new Attack(name, module.bytes(), "callback = \"60s\"", GOES_ON, false, written);
    }

    private static Attack walledOff(String name, HostileModule module, Predicate<AuditEntry> written) {
        return new Attack(name, module.bytes(), "callback = \"20ms\"", WALLED_OFF, false, written);
    }

    private static Attack killedAtItsQuota(String name, HostileModule module) {
        return new Attack(
                name,
                module.bytes(),
                "callback = \"60s\"\non-exceed = \"kill\"",
                WALLED_OFF,
                false,
                exceeded("cpu", "killed"));
    }

    private static Predicate<AuditEntry> exceeded(String resource, String action) {
        return entry -> entry.hasBudgetExceeded()
                && entry.getBudgetExceeded().getResource().equals(resource)
                && entry.getBudgetExceeded().getAction().equals(action);
    }

    private static Predicate<AuditEntry> stopped(String why) {
        return entry -> entry.hasStopped() && entry.getStopped().getWhy().contains(why);
    }

    private void run(Attack attack) throws Exception {
        String app = "com.acme.h" + attacks++;
        long began = clock.nanos();
        install(app, HostileAppsTest.manifest(app).replace("callback = \"20ms\"", attack.budget()), attack.module());
        await(app, attack.phase());
        if (attack.phase().equals(GOES_ON)) {
            watch(attack, app);
        }
        Rhythm rhythm = neighbour.between(began, clock.nanos());
        Rhythm possible = witness.between(began, clock.nanos());
        assertEquals(GOES_ON, phase(HonestNeighbour.APP));
        assertTrue(rhythm.ticks() >= possible.ticks() / 4, () -> rhythm + " where " + possible);
        assertTrue(
                rhythm.longestGap().minus(possible.longestGap()).compareTo(LONGEST_GAP) <= 0,
                () -> rhythm + " where " + possible);
        assertEquals("ok\n", health());
        remove(app);
        assertTrue(
                records(app).stream().anyMatch(attack.written()),
                () -> records(app).toString());
    }

    /** For a second, and on a machine so busy that it has not done its worst by then, until it has. */
    private void watch(Attack attack, String app) throws InterruptedException {
        StrandTimes strands = new StrandTimes(app);
        long since = clock.nanos();
        Duration before = strands.look();
        publishFor(WATCHED);
        assertTrue(within(PATIENCE, () -> met(attack, app)), () -> records(app).toString());
        Duration used = strands.look().minus(before);
        Duration time = Duration.ofNanos(clock.nanos() - since);
        assertTrue(
                used.compareTo(time.dividedBy(20).plus(CPU_MARGIN)) <= 0,
                () -> "it used " + used + " of CPU in " + time);
        assertEquals(GOES_ON, phase(app));
    }

    /** A guest in the midst of a callback that does not end has its records written when it ends. */
    private boolean met(Attack attack, String app) {
        long throttled = agent.agent()
                .orchestrator()
                .app(app)
                .orElseThrow()
                .compartment()
                .map(view -> view.cpu().throttled())
                .orElse(0L);
        return records(app).stream().anyMatch(attack.written()) || (attack.endless() && throttled > 0);
    }

    /** What the event-eater has subscribed to changes all the time. */
    private void publishFor(Duration time) throws InterruptedException {
        int speed = agent.agent()
                .signals()
                .tree()
                .find("Vehicle.Speed")
                .orElseThrow()
                .id();
        long until = clock.nanos() + time.toNanos();
        for (int value = 0; clock.nanos() < until; value = (value + 1) % 100) {
            agent.agent().signals().publish(speed, (double) value, clock.nanos());
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private void install(String app, String manifest, byte[] module) throws Exception {
        Path file = Files.write(dir.resolve(app), vendors.packed(manifest, module));
        assertInstanceOf(
                InstallReceipt.Accepted.class,
                agent.agent().installer().install(InstallOrder.sideload("by hand"), file));
    }

    private void remove(String app) throws InterruptedException {
        agent.agent().orchestrator().apply(app, new SupervisorEvent.Remove("over"));
        assertTrue(within(PATIENCE, () -> agent.agent().orchestrator().app(app).isEmpty()), app);
    }

    /** What it is held back for is no matter here. */
    private String phase(String app) {
        String word = agent.agent()
                .orchestrator()
                .app(app)
                .orElseThrow()
                .slot()
                .phase()
                .word();
        return word.equals("THROTTLED") ? GOES_ON : word;
    }

    private List<AuditEntry> records(String app) {
        return TestVehicle.audit(agent.agent()).stream()
                .filter(entry -> entry.getAppId().equals(app))
                .toList();
    }

    private String health() throws Exception {
        URI page = URI.create("http://127.0.0.1:" + agent.metricsPort().orElseThrow() + "/healthz");
        return http.send(
                        HttpRequest.newBuilder(page)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void await(String app, String phase) throws InterruptedException {
        assertTrue(within(PATIENCE, () -> phase(app).equals(phase)), () -> app + " is " + phase(app) + ": " + log(app));
    }

    private String log(String app) {
        return agent.agent().orchestrator().book(app).orElseThrow().last(20).stream()
                .map(LogBook.Line::text)
                .toList()
                .toString();
    }

    private boolean within(Duration time, BooleanSupplier condition) throws InterruptedException {
        long until = clock.nanos() + time.toNanos();
        while (!condition.getAsBoolean() && clock.nanos() < until) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return condition.getAsBoolean();
    }
}
