package dev.bulkhead.agent.main;

import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs an agent in its own JVM and gives it orders without end; meant to be killed. With a third argument it ends after so many. */
final class KillNineChild {
    static final String APP = "com.acme.fan";

    /** An app that never starts well. */
    static final String ILL = "com.acme.ill";

    /** Two apps that are only ever ordered as one. */
    static final List<String> PAIR = List.of("com.acme.left", "com.acme.right");

    private KillNineChild() {}

    public static void main(String[] args) {
        Path dir = Path.of(args[0]);
        SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
        TestVehicle.Vendors vendors = TestVehicle.Vendors.keptIn(dir);
        TestVehicle vehicle = new TestVehicle(dir, new LoopWorld(), vendors, TestVehicle.POLICY);
        System.out.println("ready");
        long orders = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;
        for (long i = 0; i < orders; i++) {
            order(vehicle, random);
            vehicle.world.run(random.nextInt(4_000));
        }
        vehicle.close();
    }

    /** One random order; releases rise above whatever is there. */
    private static void order(TestVehicle vehicle, SplittableRandom random) {
        int release = nextRelease(vehicle, APP);
        switch (random.nextInt(14)) {
            case 10, 11, 12, 13 -> together(vehicle, random);
            case 0, 1, 2 -> vehicle.install(manifest(release, random.nextBoolean()), good());
            case 3 -> vehicle.install(manifest(release, random.nextBoolean()), trapsAtStart());
            case 9 -> fallIll(vehicle);
            case 4 -> verb(vehicle, SupervisorEvent.Verb.STOP);
            case 5 -> verb(vehicle, SupervisorEvent.Verb.START);
            case 6 -> verb(vehicle, SupervisorEvent.Verb.RESTART);
            case 7, 8 -> configure(vehicle, release);
            default -> vehicle.agent.installer().uninstall("away", APP);
        }
    }

    /** Walled off within a few seconds. */
    private static void fallIll(TestVehicle vehicle) {
        vehicle.install(manifest(ILL, nextRelease(vehicle, ILL), false), trapsAtStart());
    }

    /** Two values that are only ever set together. */
    private static void configure(TestVehicle vehicle, int value) {
        String text = Integer.toString(value);
        vehicle.agent.orchestrator().configure(APP, Map.of("left", text, "right", text), "test");
    }

    private static void together(TestVehicle vehicle, SplittableRandom random) {
        int release = 1
                + PAIR.stream().mapToInt(app -> nextRelease(vehicle, app)).max().orElse(0);
        boolean handover = random.nextBoolean();
        Path left = vehicle.pack(manifest(PAIR.getFirst(), release, handover), good());
        Path right = vehicle.pack(
                manifest(PAIR.getLast(), release, random.nextBoolean()),
                random.nextInt(4) == 0 ? trapsAtStart() : good());
        vehicle.together("pair-" + release, left, right);
    }

    private static int nextRelease(TestVehicle vehicle, String app) {
        long floor = vehicle.agent.orchestrator().app(app).stream()
                .flatMap(view -> view.slot().active().stream())
                .mapToLong(edition -> edition.release().release())
                .max()
                .orElse(0);
        return (int) Math.max(floor, vehicle.floor(app)) + 1;
    }

    private static void verb(TestVehicle vehicle, SupervisorEvent.Verb verb) {
        if (vehicle.agent.orchestrator().app(APP).isPresent()) {
            vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(verb, "test"));
        }
    }

    static String manifest(int release, boolean handover) {
        return manifest(APP, release, handover);
    }

    private static String manifest(String app, int release, boolean handover) {
        return AgentStoryTest.manifest(
                app,
                release + ".0.0",
                release,
                "swap = \"" + (handover ? "handover" : "restart") + "\"\n" + AgentStoryTest.FAN_GRANTS);
    }

    static byte[] good() {
        return TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED);
    }

    private static byte[] trapsAtStart() {
        return TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED.replace(
                "(func (export \"on_start\") (result i32)", "(func (export \"on_start\") (result i32) unreachable"));
    }
}
