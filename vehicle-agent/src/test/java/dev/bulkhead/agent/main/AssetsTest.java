package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bulkhead.agent.lifecycle.AssetUnpacking;
import dev.bulkhead.agent.lifecycle.InstallOrder;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.PackageWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app finds the files of its package, in the real agent: where it may, within its memory, and only such as can be trusted. */
final class AssetsTest {
    private static final String APP = "com.acme.app";

    private static final String POLICY = TestVehicle.POLICY.replace(
            "\"message # subscribe\"]", "\"message # subscribe\", \"wasi stdio\", \"wasi assets\"]");

    private static final String IN_C = """
        #include <dirent.h>
        #include <errno.h>
        #include <stdio.h>
        #include <string.h>
        #define EXPORT(name) __attribute__((export_name(#name)))
        static char events[2048];
        EXPORT(alloc) int give(int bytes) { return (int)events; }
        EXPORT(on_event) int event(int at, int count) { return 0; }
        EXPORT(on_start) int start(void) {
            FILE *file = fopen("/assets/maps/north.txt", "r");
            if (!file) { printf("no map: %s\\n", strerror(errno)); return 0; }
            char line[64];
            fseek(file, 6, SEEK_SET);
            printf("read %s\\n", fgets(line, sizeof line, file));
            fclose(file);
            DIR *folder = opendir("/assets/maps");
            for (struct dirent *entry; (entry = readdir(folder));) printf("has %s\\n", entry->d_name);
            closedir(folder);
            printf("write: %s\\n", fopen("/assets/maps/north.txt", "w") ? "done" : strerror(errno));
            printf("scratch: %s\\n", fopen("/mine", "w") ? "done" : strerror(errno));
            fflush(stdout);
            return 0;
        }
        """;

    /** Opens {@code a} and logs what it holds, or a question mark with WASI's error number for its length. */
    private static final String IN_WAT = """
        (module
          (import "wasi_snapshot_preview1" "path_open"
            (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
          (import "app" "log" (func $log (param i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "a")
          (data (i32.const 32) "\\00\\04\\00\\00\\10\\00\\00\\00")
          (data (i32.const 512) "????????????????????????????????????????????????????????????????????????")
          (func (export "alloc") (param i32) (result i32) (i32.const 2048))
          (func (export "on_event") (param i32 i32) (result i32) (i32.const 0))
          (func (export "on_start") (result i32) (local $error i32)
            (local.set $error (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 0)
              (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 8)))
            (if (local.get $error)
              (then (drop (call $log (i32.const 2) (i32.const 512) (local.get $error))))
              (else
                (drop (call $read (i32.load (i32.const 8)) (i32.const 32) (i32.const 1) (i32.const 12)))
                (drop (call $log (i32.const 2) (i32.const 1024) (i32.load (i32.const 12))))))
            (i32.const 0)))
        """;

    @TempDir
    Path dir;

    private final TestVehicle.Vendors vendors = new TestVehicle.Vendors();

    private TestVehicle vehicle(String policy) {
        return new TestVehicle(dir, new LoopWorld(), vendors, policy);
    }

    private static String manifest(String version, int release, String... grants) {
        return AgentStoryTest.manifest(APP, version, release, AgentStoryTest.grants(grants))
                .replace("20ms", "200ms");
    }

    private static byte[] packed(Map<String, byte[]> files) {
        return AssetArchive.pack(new TreeMap<>(files));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private InstallReceipt install(TestVehicle vehicle, String manifest, byte[] module, byte[] assets) {
        InstallReceipt receipt = vehicle.agent
                .installer()
                .install(
                        InstallOrder.sideload("order-" + manifest.hashCode()),
                        vehicle.write(vendors.packed(manifest, module, Optional.of(assets))));
        vehicle.world.run(500);
        return receipt;
    }

    private static void logged(TestVehicle vehicle, String... lines) {
        List<String> log = vehicle.log(APP);
        for (String line : lines) {
            assertTrue(log.contains(line), "no '" + line + "' in " + log);
        }
    }

    @Test
    void anAppInCReadsThemThroughStandardIo() throws Exception {
        Path source = Files.writeString(dir.resolve("app.c"), IN_C);
        Path module = dir.resolve("app.wasm");
        assumeTrue(
                compiled(source, module) || "true".equals(System.getenv("CI")),
                "clang for WASI is missing: apt install clang wasi-libc libclang-rt-dev-wasm32");
        byte[] assets = packed(Map.of("maps/north.txt", bytes("south north"), "maps/west.txt", bytes("west")));
        try (TestVehicle vehicle = vehicle(POLICY)) {
            install(
                    vehicle,
                    manifest("1.0.0", 1, "wasi stdio", "wasi assets").replace("256KiB", "1MiB"),
                    Files.readAllBytes(module),
                    assets);
            logged(
                    vehicle,
                    "read north",
                    "has north.txt",
                    "has west.txt",
                    "write: Read-only file system",
                    "scratch: Capabilities insufficient");
            assertEquals("RUNNING", vehicle.phase(APP));
            assertEquals(List.of(), vehicle.faults);
        }
    }

    private static boolean compiled(Path source, Path module) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(
                            "clang",
                            "--target=wasm32-wasi",
                            "-mexec-model=reactor",
                            "-O2",
                            "-Wl,-z,stack-size=16384",
                            "-o",
                            module.toString(),
                            source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(300, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    @Test
    void aNewVersionBringsItsOwnAndARestartFindsThemAgain() {
        try (TestVehicle vehicle = vehicle(POLICY)) {
            install(
                    vehicle,
                    manifest("1.0.0", 1, "wasi assets"),
                    TestVehicle.wat(IN_WAT),
                    packed(Map.of("a", bytes("first"))));
            logged(vehicle, "first");
            vehicle.world.run(3_000);
            install(
                    vehicle,
                    manifest("1.1.0", 2, "wasi assets"),
                    TestVehicle.wat(IN_WAT),
                    packed(Map.of("a", bytes("second"))));
            vehicle.world.run(3_000);
            logged(vehicle, "second");
        }
        try (TestVehicle vehicle = vehicle(POLICY)) {
            vehicle.world.run(500);
            logged(vehicle, "second");
        }
    }

    @Test
    void whereTheyAreNotGrantedThereIsNoFolderAndTheLogSaysSo() {
        try (TestVehicle vehicle = vehicle(TestVehicle.POLICY)) {
            install(
                    vehicle,
                    manifest("1.0.0", 1, "wasi assets"),
                    TestVehicle.wat(IN_WAT),
                    packed(Map.of("a", bytes("secret"))));
            logged(vehicle, "????????"); // 8, a bad descriptor
            assertTrue(vehicle.audit().stream()
                    .anyMatch(entry ->
                            entry.hasDenied() && entry.getDenied().getAccess().equals("wasi assets")));
        }
    }

    @Test
    void anAppThatDoesNotAskIsNotAdmittedWithTheImports() {
        try (TestVehicle vehicle = vehicle(POLICY)) {
            install(vehicle, manifest("1.0.0", 1), TestVehicle.wat(IN_WAT), packed(Map.of("a", bytes("secret"))));
            assertTrue(
                    vehicle.log(APP).stream().anyMatch(line -> line.contains("wasi scratch or assets")),
                    vehicle.log(APP).toString());
        }
    }

    @Test
    void aPackageWithoutThemHasAnEmptyFolder() {
        try (TestVehicle vehicle = vehicle(POLICY)) {
            vehicle.agent
                    .installer()
                    .install(
                            InstallOrder.sideload("plain"),
                            vehicle.pack(manifest("1.0.0", 1, "wasi assets"), TestVehicle.wat(IN_WAT)));
            vehicle.world.run(500);
            logged(vehicle, "?".repeat(44)); // no such file
        }
    }

    private void refused(String cause, byte[] assets) {
        try (TestVehicle vehicle = vehicle(POLICY)) {
            InstallReceipt.Refused refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    install(vehicle, manifest("1.0.0", 1, "wasi assets"), TestVehicle.wat(IN_WAT), assets));
            assertEquals("malformed", refused.reason());
            assertTrue(refused.detail().contains(cause), refused.detail());
            assertTrue(vehicle.agent.orchestrator().app(APP).isEmpty());
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @Test
    void aBombIsRefusedAtTheDoor() {
        byte[] bomb = packed(Map.of("bomb", new byte[200 << 20]));
        assertTrue(bomb.length < 50_000, "a bomb of " + bomb.length);
        refused("more than 262144 bytes", bomb);
    }

    @Test
    void nobodyUnpacksWhatIsNotSigned() {
        byte[] unsigned = PackageWriter.write(PackageWriter.assemble(
                bytes(manifest("1.0.0", 1, "wasi assets")),
                TestVehicle.wat(IN_WAT),
                Optional.of(packed(Map.of("bomb", new byte[10 << 20]))),
                Optional.empty()));
        try (TestVehicle vehicle = vehicle(POLICY)) {
            InstallReceipt.Refused refused = assertInstanceOf(
                    InstallReceipt.Refused.class,
                    vehicle.agent.installer().install(InstallOrder.sideload("unsigned"), vehicle.write(unsigned)));
            assertEquals("signature", refused.reason());
        }
    }

    @Test
    void whatIsCutOrNoArchiveIsRefusedAtTheDoor() {
        byte[] whole = packed(Map.of("a", bytes("content")));
        refused("cut off", Arrays.copyOf(whole, whole.length / 2));
        refused("no sound zstd frame", bytes("this is no archive at all"));
    }

    @Test
    void whatDoesNotFitBesideItsMemoryIsNotStartedAndTheNeighbourLives() {
        try (TestVehicle vehicle = vehicle(POLICY)) {
            vehicle.install(
                    AgentStoryTest.manifest("com.acme.fan", "1.0.0", 1, AgentStoryTest.FAN_GRANTS),
                    TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED));
            byte[] assets = packed(Map.of("a", new byte[200_000]));
            install(
                    vehicle,
                    manifest("1.0.0", 1, "wasi assets"),
                    TestVehicle.wat(IN_WAT.replace("(memory (export \"memory\") 1)", "(memory (export \"memory\") 4)")),
                    assets);
            assertEquals("RUNNING", vehicle.phase(APP), "what comes with every app takes them");
            install(
                    vehicle,
                    manifest("1.1.0", 2, "wasi assets").replace("256KiB", "512KiB"),
                    TestVehicle.wat(IN_WAT.replace("(memory (export \"memory\") 1)", "(memory (export \"memory\") 8)")),
                    packed(Map.of("a", new byte[300_000])));
            vehicle.world.run(3_000);
            assertTrue(
                    vehicle.log(APP).stream().anyMatch(line -> line.contains("together more than budget.memory")),
                    vehicle.log(APP).toString());
            vehicle.publish("Vehicle.Speed", 40);
            vehicle.world.run(20);
            assertEquals("10", vehicle.recorder.values.get(AgentStoryTest.FAN));
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @Test
    void whenTheHostHasNoRoomForThemTheStartIsRefusedNothingIsKeptAndItRunsOnceThereIs() {
        AtomicBoolean full = new AtomicBoolean(true);
        AssetUnpacking unpacking = (packed, most) -> {
            if (full.get()) {
                throw new OutOfMemoryError("Java heap space");
            }
            return AssetArchive.unpack(packed, most);
        };
        try (TestVehicle vehicle =
                new TestVehicle(dir, new LoopWorld(), vendors, POLICY, Optional.empty(), unpacking)) {
            vehicle.install(
                    AgentStoryTest.manifest("com.acme.fan", "1.0.0", 1, AgentStoryTest.FAN_GRANTS),
                    TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED.replace("60000", "3600000")));
            vehicle.world.run(500);
            int strands = vehicle.world.strands();
            install(
                    vehicle,
                    manifest("1.0.0", 1, "wasi assets"),
                    TestVehicle.wat(IN_WAT),
                    packed(Map.of("a", bytes("at last"))));
            vehicle.world.run(60_000);
            assertEquals("QUARANTINED", vehicle.phase(APP));
            assertTrue(
                    vehicle.log(APP).stream()
                            .anyMatch(line -> line.contains("refused at admission (MEMORY_OVER_BUDGET): "
                                    + "the host has no room for its assets, up to 262144 bytes, now")),
                    () -> vehicle.log(APP).toString());
            assertEquals(strands, vehicle.world.strands(), "nothing is left of the attempts");
            assertTrue(vehicle.app(APP).compartment().isEmpty());
            vehicle.publish("Vehicle.Speed", 40);
            vehicle.world.run(20);
            assertEquals("10", vehicle.recorder.values.get(AgentStoryTest.FAN));
            assertEquals(List.of(), vehicle.faults);

            full.set(false);
            vehicle.agent.orchestrator().apply(APP, new SupervisorEvent.Operator(SupervisorEvent.Verb.START, "test"));
            vehicle.world.run(500);
            assertEquals("RUNNING", vehicle.phase(APP));
            logged(vehicle, "at last");
            assertEquals(strands + 1, vehicle.world.strands());
        }
    }
}
