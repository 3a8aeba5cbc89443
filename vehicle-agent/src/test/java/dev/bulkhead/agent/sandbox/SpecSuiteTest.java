package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The WebAssembly core test suite in each form of the engine, when it is at hand: {@code -Dwasm.testsuite=DIR} with the {@code .wast} files of WebAssembly/testsuite, and
 * wabt's {@code wast2json} on the path; {@code -Dwasm.scripts=simd} plays those whose names begin so. Scripts that another tool has
 * converted already ({@code .json}, its modules beside it) are played as they are. Scripts wast2json cannot read, and modules that import what an app cannot, are skipped.
 */
@EnabledIfSystemProperty(named = "wasm.testsuite", matches = ".+")
final class SpecSuiteTest {
    @TempDir
    Path scratch;

    @Test
    void behavesAsTheSpecificationSays() throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        int passed = 0;
        int skipped = 0;
        int unread = 0;
        for (Path wast : scripts()) {
            boolean converted = wast.toString().endsWith(".json");
            Path json = converted
                    ? wast
                    : scratch.resolve(wast.getFileName().toString().replace(".wast", ".json"));
            if (!converted && !convert(wast, json)) {
                unread++;
                continue;
            }
            for (CompilingEngine engine :
                    List.of(CompilingEngine.metered(), CompilingEngine.plain(), CompilingEngine.unmetered())) {
                SpecScript script = new SpecScript(engine, json);
                script.play();
                passed += script.passed;
                skipped += script.skipped;
                script.failures.forEach(failure -> failures.add(engine.name() + ": " + failure));
            }
        }
        String summary = passed + " passed, " + skipped + " skipped, " + unread + " scripts not read by wast2json";
        System.out.println(summary);
        failures.forEach(System.out::println);
        assertEquals(List.of(), failures, summary);
        assertTrue(passed > 0, "no script of the suite was played: " + summary);
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("wasm.testsuite")))) {
            return files.filter(file ->
                            file.toString().endsWith(".wast") || file.toString().endsWith(".json"))
                    .filter(file -> file.getFileName().toString().startsWith(System.getProperty("wasm.scripts", "")))
                    .sorted()
                    .toList();
        }
    }

    private static boolean convert(Path wast, Path json) throws IOException, InterruptedException {
        return new ProcessBuilder(
                                "wast2json",
                                "--enable-tail-call",
                                "--enable-extended-const",
                                wast.toString(),
                                "-o",
                                json.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
