package dev.bulkhead.agent.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.EngineKind;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.Blob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
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

    private static final String C_WITH_ASSETS = """
            #include <dirent.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/stat.h>
            #include <unistd.h>
            static void list(const char *path) {
                DIR *folder = opendir(path);
                for (struct dirent *entry; folder && (entry = readdir(folder));)
                    printf("%s has %s, a %s\\n", path, entry->d_name, entry->d_type == DT_DIR ? "folder" : "file");
                closedir(folder);
            }
            static void denied(const char *what, int failed) {
                printf("%s: %s\\n", what, failed ? strerror(errno) : "done");
            }
            int main(void) {
                FILE *model = fopen("/assets/model.bin", "rb");
                char *bytes = malloc(300000);
                size_t count = fread(bytes, 1, 300000, model);
                unsigned sum = 0;
                for (size_t i = 0; i < count; i++) sum += (unsigned char)bytes[i];
                printf("%zu bytes, sum %u\\n", count, sum);
                fseek(model, -3, SEEK_END);
                int last = fgetc(model);
                printf("at %ld: %d\\n", ftell(model), last);
                char two[2];
                printf("pread %zd: %d\\n", pread(fileno(model), two, 2, 256), two[1]);
                fclose(model);
                char line[64];
                FILE *words = fopen("assets/words/de/hello.txt", "r");
                while (fgets(line, sizeof line, words)) printf("read %s", line);
                fclose(words);
                list("/assets");
                list("/assets/words");
                struct stat facts;
                stat("/assets/words/de/hello.txt", &facts);
                printf("size %d, regular %d\\n", (int)facts.st_size, S_ISREG(facts.st_mode));
                denied("write", !fopen("/assets/model.bin", "r+"));
                denied("truncate", !fopen("/assets/model.bin", "w"));
                denied("create", !fopen("/assets/new.bin", "w"));
                denied("remove", remove("/assets/model.bin"));
                denied("mkdir", mkdir("/assets/more", 0777));
                denied("move out", rename("/assets/model.bin", "/model.bin"));
                denied("missing", !fopen("/assets/nothing", "r"));
                denied("out", !fopen("/assets/../../etc/passwd", "r"));
                denied("scratch", !fopen("/copy.bin", "w"));
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

    @Test
    void aProgramInCReadsItsAssetsAndChangesNone() throws IOException, InterruptedException {
        Path source = Files.writeString(scratch.resolve("program.c"), C_WITH_ASSETS);
        Path program = scratch.resolve("program.wasm");
        assumeTrue(
                built("clang", "--target=wasm32-wasi", "-O2", "-o", program.toString(), source.toString())
                        || "true".equals(System.getenv("CI")),
                "clang for WASI is missing: apt install clang wasi-libc libclang-rt-dev-wasm32");
        byte[] model = new byte[250_000];
        for (int i = 0; i < model.length; i++) {
            model[i] = (byte) i;
        }
        byte[] packed = AssetArchive.pack(new TreeMap<>(
                Map.of("model.bin", model, "words/de/hello.txt", "Guten\nTag\n".getBytes(StandardCharsets.UTF_8))));
        run(program, Optional.of(AssetArchive.unpack(Blob.copyOf(packed), 1 << 20)));
        assertEquals("""
                250000 bytes, sum 31866936
                at 249998: 141
                pread 2: 1
                read Guten
                read Tag
                /assets has model.bin, a file
                /assets has words, a folder
                /assets/words has de, a folder
                size 10, regular 1
                write: Read-only file system
                truncate: Read-only file system
                create: Read-only file system
                remove: Read-only file system
                mkdir: Read-only file system
                move out: Cross-device link
                missing: No such file or directory
                out: Capabilities insufficient
                scratch: done
                """, output.toString(StandardCharsets.UTF_8));
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
        run(program, Optional.empty());
    }

    private void run(Path program, Optional<Assets> assets) throws IOException, InterruptedException {
        ExecRunner runner = new ExecRunner(() -> 0, System::nanoTime, new SplittableRandom(1));
        ExecReport report = runner.run(
                Files.readAllBytes(program),
                new ExecRequest("_start", List.of(), 1, Budget.unlimitedCpu(16L << 20), EngineKind.BULKHEAD, assets),
                (stream, bytes) -> (stream == 1 ? output : errors).writeBytes(bytes));
        assertEquals(ExecReport.State.OK, report.state(), report.toString());
    }
}
