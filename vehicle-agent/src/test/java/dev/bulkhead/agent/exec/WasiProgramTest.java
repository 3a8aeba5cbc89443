package dev.bulkhead.agent.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ordinary programs, compiled here by the machine's own compilers for WASI, run as they are. */
final class WasiProgramTest {
    private static final String C = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <time.h>
            #include <sys/stat.h>
            int main(int argc, char **argv) {
                printf("hello %s, %d and %.3f\\n", "world", 42, 3.14159);
                char *text = malloc(100000);
                memset(text, 'x', 99999);
                text[99999] = 0;
                printf("%zu bytes, %d arguments, home %s\\n", strlen(text), argc, getenv("HOME") ? "set" : "unset");
                struct timespec now;
                printf("clock %d\\n", clock_gettime(CLOCK_MONOTONIC, &now));
                FILE *file = fopen("notes.txt", "w");
                fprintf(file, "line %d\\n", 1);
                fclose(file);
                file = fopen("/notes.txt", "a+");
                fputs("line 2\\n", file);
                rewind(file);
                char line[32];
                while (fgets(line, sizeof line, file)) printf("read %s", line);
                fclose(file);
                struct stat facts;
                stat("notes.txt", &facts);
                printf("size %d, gone %d\\n", (int)facts.st_size, remove("notes.txt"));
                printf("outside %s\\n", fopen("/etc/passwd", "r") ? "open" : "closed");
                fprintf(stderr, "an error\\n");
                return 0;
            }
            """;

    private static final String RUST = """
            use std::collections::{BTreeSet, HashMap};
            fn main() {
                let mut words = HashMap::new();
                for word in "a b a c a".split(' ') { *words.entry(word).or_insert(0) += 1; }
                println!("a stands {} times, {:?} arguments", words["a"], std::env::args().count());
                println!("home {:?}", std::env::var("HOME").is_ok());
                let sorted: BTreeSet<_> = words.keys().collect();
                println!("{:?} {:.2}", sorted, words.values().sum::<i32>() as f64 / 3.0);
                std::fs::write("/n.txt", "from rust").unwrap();
                println!("read {}", std::fs::read_to_string("n.txt").unwrap());
                println!("outside {:?}", std::fs::read("/etc/passwd").is_ok());
                println!("listed {}", std::fs::read_dir("/").unwrap().count());
                eprintln!("an error");
            }
            """;

    @TempDir
    Path scratch;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void aProgramInCPrintsAndKeepsAFile() throws IOException, InterruptedException {
        Path source = Files.writeString(scratch.resolve("program.c"), C);
        Path program = scratch.resolve("program.wasm");
        assumeTrue(
                built("clang", "--target=wasm32-wasi", "-O2", "-o", program.toString(), source.toString())
                        || "true".equals(System.getenv("CI")),
                "clang for WASI is missing: apt install clang wasi-libc libclang-rt-dev-wasm32");
        run(program);
        assertEquals("""
                hello world, 42 and 3.142
                99999 bytes, 0 arguments, home unset
                clock 0
                read line 1
                read line 2
                size 14, gone 0
                outside closed
                """, output.toString(StandardCharsets.UTF_8));
        assertEquals("an error\n", errors.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aProgramInRustPrintsAndKeepsAFile() throws IOException, InterruptedException {
        Path source = Files.writeString(scratch.resolve("program.rs"), RUST);
        Path program = scratch.resolve("program.wasm");
        assumeTrue(
                rusted(program, source) || "true".equals(System.getenv("CI")),
                "rustc for WASI is missing: apt install rustc libstd-rust-dev-wasm32");
        run(program);
        assertEquals("""
                a stands 3 times, 0 arguments
                home false
                {"a", "b", "c"} 1.67
                read from rust
                outside false
                listed 1
                """, output.toString(StandardCharsets.UTF_8));
        assertEquals("an error\n", errors.toString(StandardCharsets.UTF_8));
    }

    /** Debian's compiler has the target under its old name; one of rustup's may be in front of it on the path and have no target for WASI. */
    private static boolean rusted(Path program, Path source) throws InterruptedException {
        for (String compiler : List.of("rustc", "/usr/bin/rustc")) {
            for (String target : List.of("wasm32-wasip1", "wasm32-wasi")) {
                if (built(compiler, "--target=" + target, "-O", "-o", program.toString(), source.toString())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean built(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(300, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private void run(Path program) throws IOException, InterruptedException {
        ExecRunner runner = new ExecRunner(() -> 0, System::nanoTime, new SplittableRandom(1));
        ExecReport report = runner.run(
                Files.readAllBytes(program),
                new ExecRequest("_start", List.of(), 1, Budget.unlimitedCpu(16L << 20), EngineKind.BULKHEAD),
                (stream, bytes) -> (stream == 1 ? output : errors).writeBytes(bytes));
        assertEquals(ExecReport.State.OK, report.state(), report.toString());
    }
}
