package dev.bulkhead.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * How many idle apps one agent holds. A JVM of its own with 512 MB of heap runs an agent as it is on the road and installs apps of one page that do
 * nothing, each with its strand, mailbox, session and account, until there are 2,000 or one more is refused; they share one module, as idle instances do.
 */
final class DensityBench {
    private static final int ENOUGH = 2_000;

    /** Apps between two looks at the memory. */
    private static final int STEP = 250;

    /** One page, and the exports of an app: alloc gives 1024, on_start and on_event give 0. */
    private static final byte[] ONE_PAGE = HexFormat.of()
            .parseHex(
                    "0061736d01000000" // a module of version 1
                            + "0110" + "03" + "60017f017f" + "6000017f" + "60027f7f017f"
                            + "0304" + "03000102"
                            + "0503" + "010001"
                            + "0728" + "04" + "066d656d6f72790200" + "05616c6c6f630000"
                            + "086f6e5f73746172740001" + "086f6e5f6576656e740002"
                            + "0a11" + "03" + "05004180080b" + "040041000b" + "040041000b");

    private static final Path STATUS = Path.of("/proc/self/status");

    /** What so many running apps take: bytes after a collection, threads of the JVM and of Java together. */
    private record Look(int apps, long heap, long resident, long threads) {
        static Look parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Look(
                    Integer.parseInt(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }

        static Look now(int apps) throws IOException {
            System.gc();
            Runtime jvm = Runtime.getRuntime();
            return new Look(apps, jvm.totalMemory() - jvm.freeMemory(), status("VmRSS") << 10, status("Threads"));
        }

        private static long status(String name) throws IOException {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException(STATUS + " has no " + name));
        }

        @Override
        public String toString() {
            return apps + " " + heap + " " + resident + " " + threads;
        }
    }

    private DensityBench() {}

    /** An app of one page whose callbacks do nothing. */
    static byte[] onePage() {
        return ONE_PAGE.clone();
    }

    /** @param notes told why there are not as many as there should be */
    static List<BenchRow> run(Path folder, Consumer<String> notes) throws IOException, InterruptedException {
        List<Look> looks = looks(folder, notes);
        Look one = looks.getFirst();
        Look all = looks.getLast();
        double more = Math.max(1, all.apps() - one.apps());
        return List.of(
                BenchRow.atLeast("idle one-page apps running in an agent with -Xmx512m", all.apps(), "", ENOUGH),
                BenchRow.atMost("heap of each idle app", (all.heap() - one.heap()) / more / 1e3, "KB", 100),
                BenchRow.plain(
                        "resident memory of each idle app", (all.resident() - one.resident()) / more / 1e3, "KB"),
                BenchRow.plain("threads of each idle app", (all.threads() - one.threads()) / more, ""),
                BenchRow.plain("heap of the agent with one app", one.heap() / 1e6, "MB"),
                BenchRow.plain("heap of the agent with all", all.heap() / 1e6, "MB"),
                BenchRow.plain("resident memory of the agent with all", all.resident() / 1e6, "MB"));
    }

    private static List<Look> looks(Path folder, Consumer<String> notes) throws IOException, InterruptedException {
        List<String> command = BenchJvm.command(
                DensityBench.class, List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"), List.of(folder.toString()));
        Process agent = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Look> looks = new ArrayList<>();
        String refusal = "";
        try (BufferedReader said = agent.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.matches("[\\d ]+")) {
                    looks.add(Look.parse(line));
                } else {
                    refusal = line;
                }
            }
        }
        int status = agent.waitFor();
        if (looks.isEmpty()) {
            throw new IOException("the agent that was started to be filled ended with " + status + " " + refusal);
        }
        if (looks.getLast().apps() < ENOUGH) {
            notes.accept("the agent took no more apps: " + (refusal.isEmpty() ? "it ended with " + status : refusal));
        }
        return looks;
    }

    /** The agent's process: {@code FOLDER}. Says what it takes, again and again, and why it took no more. */
    public static void main(String[] args) throws IOException {
        BenchVehicle vehicle = BenchVehicle.in(Path.of(args[0]));
        try {
            for (int apps = 1; apps <= ENOUGH; apps++) {
                String name = "idle" + apps;
                vehicle.install(manifest(name), ONE_PAGE);
                vehicle.await(name, 1);
                if (apps == 1 || apps % STEP == 0) {
                    System.out.println(Look.now(apps));
                }
            }
        } catch (IllegalStateException refused) {
            System.out.println("refused: " + refused.getMessage());
        }
        Runtime.getRuntime().halt(0); // what so many apps do at their end is nobody's question
    }

    private static String manifest(String name) {
        return """
            [app]
            id = "%s"
            version = "1.0.0"
            release = 1
            module = "app.wasm"
            abi = 1
            [budget]
            memory = "64KiB"
            [update]
            probation = "0s"
            """.formatted(BenchVehicle.appId(name));
    }
}
