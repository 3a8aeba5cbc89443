package dev.bulkhead.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.lifecycle.TransitionNote;
import dev.bulkhead.agent.main.RoadAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long an app takes to come back, and an agent with twenty of them. */
final class StartBench {
    private static final int APPS = 20;

    private StartBench() {}

    static List<BenchRow> run(Path folder, byte[] relay, int rounds) throws IOException, InterruptedException {
        List<Double> unpractised;
        List<Double> restarts;
        try (BenchVehicle vehicle = BenchVehicle.in(folder)) {
            for (int i = 0; i < APPS; i++) {
                vehicle.install(BenchVehicle.manifest("app" + i, 1, "0s"), distinct(relay, i));
            }
            for (int i = 0; i < APPS; i++) {
                vehicle.await("app" + i, 1);
            }
            unpractised = restarts(vehicle, rounds);
            vehicle.practise();
            restarts = restarts(vehicle, rounds);
        }
        List<Double> cpu = new ArrayList<>();
        List<Double> fromStart = new ArrayList<>();
        List<Double> withJvm = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds, 5); i++) {
            String[] millis = childOutput(folder).split(" ", -1);
            fromStart.add(Double.parseDouble(millis[0]));
            withJvm.add(Double.parseDouble(millis[1]));
            cpu.add(Double.parseDouble(millis[2]));
        }
        return List.of(
                BenchRow.atMost("restart of a loaded app, stop and start, median", BenchRows.median(restarts), "ms", 5),
                BenchRow.plain("the same before the agent has practised", BenchRows.median(unpractised), "ms"),
                BenchRow.atMost(
                        "agent start in a new JVM to all " + APPS + " apps running, code from the cache, median",
                        BenchRows.median(fromStart),
                        "ms",
                        1_500),
                BenchRow.plain("the same with the JVM's own start", BenchRows.median(withJvm), "ms"),
                BenchRow.plain("CPU time of all of that, over all threads", BenchRows.median(cpu), "ms"));
    }

    private static List<Double> restarts(BenchVehicle vehicle, int rounds) {
        String app = BenchVehicle.appId("app0");
        var orchestrator = vehicle.agent().agent().orchestrator();
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < rounds * 3; i++) {
            orchestrator.apply(app, new SupervisorEvent.Operator(SupervisorEvent.Verb.RESTART, "bench"));
            vehicle.await("app0", 1);
            List<TransitionNote> notes = orchestrator.transitions(app);
            TransitionNote running = notes.getLast();
            TransitionNote stopping = notes.get(notes.size() - 3);
            millis.add((running.timeNanos() - stopping.timeNanos()) / 1e6);
        }
        return millis;
    }

    /** The same program with another digest, so that each app has code of its own in the cache. */
    static byte[] distinct(byte[] module, int number) {
        byte[] name = ("bench" + number).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(module);
        out.write(0);
        out.write(1 + name.length);
        out.write(name.length);
        out.writeBytes(name);
        return out.toByteArray();
    }

    private static String childOutput(Path folder) throws IOException, InterruptedException {
        List<String> command = BenchJvm.command(StartBench.class, List.of(), List.of(folder.toString()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (child.waitFor() != 0) {
            throw new IOException("the agent that was started to be measured ended with " + child.exitValue());
        }
        return said.lines().reduce((first, second) -> second).orElse("");
    }

    /** Starts the agent of the folder and says how long that took, in milliseconds: from here, and from the start of the JVM; and the CPU time. */
    public static void main(String[] args) throws IOException {
        long begin = System.nanoTime();
        RoadAgent agent = BenchVehicle.again(Path.of(args[0]));
        BenchVehicle.await(agent, () -> allRunning(agent), "the apps");
        double millis = (System.nanoTime() - begin) / 1e6;
        long sinceJvm = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        double cpu =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e6;
        System.out.println(millis + " " + sinceJvm + " " + cpu);
        agent.close();
    }

    private static boolean allRunning(RoadAgent agent) {
        for (int i = 0; i < APPS; i++) {
            if (!BenchVehicle.running(agent, BenchVehicle.appId("app" + i), 1)) {
                return false;
            }
        }
        return true;
    }
}
