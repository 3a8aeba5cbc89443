package dev.bulkhead.cli.app;

import static dev.bulkhead.cli.Terminal.ask;
import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dylibso.chicory.wabt.Wat2Wasm;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A developer puts files beside an app: they come into the package, and the app finds them in {@code exec} and in a simulated vehicle. */
class AssetsTest {
    /** Gives the first byte of {@code words/a.txt}, with scratch as 3 in exec; traps in a vehicle, where the assets are 3, unless it is an h. */
    private static final String READER = """
            (module
              (import "wasi_snapshot_preview1" "path_open"
                (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 16) "words/a.txt")
              (data (i32.const 32) "\\00\\04\\00\\00\\10\\00\\00\\00")
              (func $first (param $folder i32) (result i32)
                (if (call $open (local.get $folder) (i32.const 0) (i32.const 16) (i32.const 11) (i32.const 0)
                    (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 8))
                  (then (return (i32.const -1))))
                (drop (call $read (i32.load (i32.const 8)) (i32.const 32) (i32.const 1) (i32.const 12)))
                (i32.load8_u (i32.const 1024)))
              (func (export "first") (result i32) (call $first (i32.const 4)))
              (func (export "alloc") (param i32) (result i32) (i32.const 2048))
              (func (export "on_event") (param i32 i32) (result i32) (i32.const 0))
              (func (export "on_start") (result i32)
                (if (i32.ne (call $first (i32.const 3)) (i32.const 104)) (then unreachable))
                (i32.const 0)))
            """;

    @TempDir
    Path folder;

    private Path app = Path.of("");
    private String file = "";

    @BeforeEach
    void anAppWithFiles() throws IOException {
        app = Files.createDirectories(folder.resolve("reader"));
        Files.createDirectories(app.resolve("assets/words"));
        Files.writeString(app.resolve("assets/words/a.txt"), "hello");
        Files.writeString(app.resolve("assets/b.bin"), "x".repeat(50_000));
        Files.write(app.resolve("reader.wasm"), Wat2Wasm.parse(READER));
        manifest("wasi assets");
        file = folder.resolve("reader.sdvapp").toString();
    }

    private void manifest(String grant) throws IOException {
        Files.writeString(app.resolve("app.toml"), """
                [app]
                id = "com.polar.reader"
                version = "1.0.0"
                release = 1
                module = "reader.wasm"
                abi = 1
                [budget]
                memory = "256KiB"
                [[capability]]
                grant = "%s"
                """.formatted(grant));
    }

    private JsonNode inside() {
        return ask("inspect", file);
    }

    @Test
    void theFolderBesideTheManifestIsPackedTheSameEachTime() throws IOException {
        assertTrue(ask("pack", app.toString(), "-o", file).get("assetsBytes").asInt() > 0);
        assertEquals(2, inside().get("assets").get("files").asInt());
        assertTrue(inside().get("assets").get("unpackedBytes").asInt() > 50_000);
        assertTrue(type("inspect", file).expect(0).out().contains("assets         2 files"));
        Path again = folder.resolve("again.sdvapp");
        ask("pack", app.toString(), "-o", again.toString());
        assertEquals(-1, Files.mismatch(Path.of(file), again));
    }

    @Test
    void anotherFolderOrAnArchiveMayBeNamed() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("one"), "1");
        ask("pack", app.toString(), "--assets", other.toString(), "-o", file);
        assertEquals(1, inside().get("assets").get("files").asInt());
        Path archive = Files.write(folder.resolve("a.tar.zst"), new AssetSource(app.resolve("assets")).packed());
        ask("pack", app.toString(), "--assets", archive.toString(), "-o", file);
        assertEquals(2, inside().get("assets").get("files").asInt());
    }

    @Test
    void anArchiveThatTarAndZstdMadeIsTaken() throws Exception {
        Path archive = folder.resolve("a.tar.zst");
        boolean made;
        try {
            made = new ProcessBuilder(
                                    "tar",
                                    "--format=ustar",
                                    "--zstd",
                                    "-C",
                                    app.resolve("assets").toString(),
                                    "-cf",
                                    archive.toString(),
                                    ".")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            made = false;
        }
        assumeTrue(made || "true".equals(System.getenv("CI")), "tar or zstd is missing: apt install tar zstd");
        ask("pack", app.toString(), "--assets", archive.toString(), "-o", file);
        assertEquals(2, inside().get("assets").get("files").asInt());
    }

    @Test
    void whatTheAppDoesNotAskForIsNotPacked() throws IOException {
        manifest("wasi stdio");
        ask("pack", app.toString(), "-o", file);
        assertTrue(inside().get("assets").isNull());
        String err = type(
                        "pack",
                        app.toString(),
                        "--assets",
                        app.resolve("assets").toString(),
                        "-o",
                        file)
                .expect(5)
                .err();
        assertTrue(err.contains("wasi assets"), err);
    }

    @Test
    void whatNoVehicleWouldTakeIsNotPacked() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "no archive");
        String err = type("pack", app.toString(), "--assets", wrong.toString(), "-o", file)
                .expect(5)
                .err();
        assertTrue(err.contains("no sound zstd frame"), err);
        Files.write(app.resolve("assets/big"), new byte[300_000]);
        err = type("pack", app.toString(), "-o", file).expect(5).err();
        assertTrue(err.contains("more than 262144 bytes"), err);
        Files.delete(app.resolve("assets/big"));
        Files.createSymbolicLink(app.resolve("assets/link"), Path.of("/etc/hostname"));
        err = type("pack", app.toString(), "-o", file).expect(5).err();
        assertTrue(err.contains("link is not a plain file"), err);
    }

    @Test
    void aModuleFindsThemInExec() {
        String module = app.resolve("reader.wasm").toString();
        JsonNode without = ask("exec", module, "--invoke", "first");
        assertEquals(-1, without.get("results").get(0).asInt());
        JsonNode with = ask(
                "exec",
                module,
                "--invoke",
                "first",
                "--assets",
                app.resolve("assets").toString());
        assertEquals('h', with.get("results").get(0).asInt());
        assertTrue(type("exec", module, "--assets", app.resolve("none").toString())
                .expect(1)
                .err()
                .contains("none"));
    }

    @Test
    void anAppFindsThemInTheSimulatedVehicle() throws IOException {
        JsonNode right = simulated();
        assertEquals("RUNNING", right.get("state").asText(), right.toString());
        assertEquals(0, right.get("restarts").asInt(), right.toString());
        Files.writeString(app.resolve("assets/words/a.txt"), "other");
        JsonNode wrong = simulated();
        assertTrue(wrong.get("cause").asText().contains("unreachable"), wrong.toString());
    }

    /** How the app fares; one that only starts, and then never gets an event, does not pass. */
    private JsonNode simulated() {
        return type("sim", "run", "--seconds", "2", "--json", app.toString())
                .document()
                .get("apps")
                .get(0);
    }
}
