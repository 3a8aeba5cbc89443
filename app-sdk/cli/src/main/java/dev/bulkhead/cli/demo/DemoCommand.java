package dev.bulkhead.cli.demo;

import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead demo}: everything Bulkhead is for, once, in under two minutes. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Tell the whole story on embedded defaults, from keys to audit.",
            "Packages, server, vehicle, over-the-air updates, budgets, denials, attacks.",
            "The last line is \"demo: ok\" (exit status 0) or \"demo: FAILED <step>\"."
        },
        footer = {"", "Examples:", "  bulkhead demo", "  bulkhead demo --keep     leave server and vehicle running"})
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private Output output;

    @Option(names = "--keep", description = "Leave server and vehicle running and say how to talk to them.")
    private boolean keep;

    private final Deque<ChildProcess> children = new ArrayDeque<>();
    private String step = "start";

    @Override
    public Integer call() throws IOException {
        Path home = Files.createTempDirectory("bulkhead-demo");
        Thread guard = new Thread(this::closeChildren);
        Runtime.getRuntime().addShutdownHook(guard);
        long began = System.nanoTime();
        boolean ok = tell(new Story(new Stage(output, home)));
        if (keep && ok) {
            Runtime.getRuntime().removeShutdownHook(guard);
            sayHowToGoOn(home);
        } else {
            closeChildren();
            delete(home);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (output.isJson()) {
            output.json(
                    Map.of("ok", ok, "step", ok ? "" : step, "seconds", seconds, "home", keep ? home.toString() : ""));
        } else {
            output.line("");
            output.line(String.format(Locale.ROOT, "told in %.0f s", seconds));
            output.line(ok ? Style.GOOD : Style.BAD, ok ? "demo: ok" : "demo: FAILED " + step);
        }
        return ok ? ExitCode.OK.status() : ExitCode.FAILED.status();
    }

    private boolean tell(Story story) {
        try {
            step("keys", story::makeKeys);
            step("pack", story::packAndSign);
            children.push(start("server", story::startServer));
            children.push(start("vehicle", story::startVehicle));
            step("install", story::publishAndInstall);
            step("hog", story::wallOffTheHog);
            step("brake", story::denyTheBrake);
            step("update", story::update);
            step("attacks", story::refuseAttacks);
            step("audit", story::audit);
            return true;
        } catch (RuntimeException e) {
            output.note("demo: " + step + ": " + e.getMessage());
            return false;
        }
    }

    private void step(String name, Runnable chapter) {
        step = name;
        chapter.run();
        children.forEach(ChildProcess::requireAlive);
    }

    private ChildProcess start(String name, Supplier<ChildProcess> chapter) {
        step = name;
        return chapter.get();
    }

    private void closeChildren() {
        while (!children.isEmpty()) {
            children.pop().close();
        }
    }

    private void sayHowToGoOn(Path home) {
        output.line("");
        output.line("server and vehicle go on running; talk to them with");
        output.line("  export BULKHEAD_HOME=" + home);
        output.line("  bulkhead top        bulkhead vehicles        bulkhead audit matrix");
        children.forEach(child -> output.line("  kill " + child.pid()));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
