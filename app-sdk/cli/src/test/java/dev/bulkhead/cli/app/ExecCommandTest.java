package dev.bulkhead.cli.app;

import static dev.bulkhead.cli.Terminal.ask;
import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.wabt.Wat2Wasm;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One export of any module, in the sandbox: results, traps, kills, refusals. */
class ExecCommandTest {
    private static final String MATHS = """
            (module (memory (export "memory") 2)
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "nan") (result f64) (f64.const nan))
              (func (export "boom") unreachable)
              (func (export "grow") (result i32) (memory.grow (i32.const 100)))
              (func (export "spin") (loop (br 0))))
            """;

    @TempDir
    Path folder;

    private String module(String wat) throws IOException {
        return Files.write(folder.resolve("m.wasm"), Wat2Wasm.parse(wat)).toString();
    }

    @Test
    void tellsResultsAndWhatEachCallCost() throws IOException {
        JsonNode document = ask("exec", module(MATHS), "--invoke", "add", "--repeat", "3", "40", "2");
        assertEquals(42, document.get("results").get(0).asInt());
        assertEquals(3, document.get("cpuMs").size());
        assertEquals(3, document.get("fuel").size());
        assertTrue(document.get("fuel").get(0).asLong() > 0);
        assertEquals(2 * 65536, document.get("memoryBytes").asLong());
        assertEquals("ok", document.get("state").asText());
    }

    @Test
    void printsAResultForAPersonToo() throws IOException {
        assertEquals(
                "42\n",
                type("exec", module(MATHS), "--invoke", "add", "40", "2")
                        .expect(0)
                        .out());
    }

    @Test
    void aNumberJsonDoesNotHaveIsText() throws IOException {
        assertTrue(ask("exec", module(MATHS), "--invoke", "nan")
                .get("results")
                .get(0)
                .isTextual());
    }

    @Test
    void aTrapEndsWithStatusThree() throws IOException {
        JsonNode document = type("exec", module(MATHS), "--invoke", "boom", "--json")
                .expect(3)
                .document();
        assertEquals("trap", document.get("state").asText());
        assertTrue(document.get("cause").asText().contains("unreachable"), document.toString());
    }

    @Test
    void anEndlessLoopIsKilledWithStatusFour() throws IOException {
        JsonNode document = type("exec", module(MATHS), "--invoke", "spin", "--cpu", "30ms", "--json")
                .expect(4)
                .document();
        assertEquals("killed", document.get("state").asText());
        assertTrue(!document.get("cause").asText().isEmpty(), document.toString());
    }

    @Test
    void memoryDoesNotGrowBeyondItsLimit() throws IOException {
        JsonNode document = ask("exec", module(MATHS), "--invoke", "grow", "--memory", "256KiB");
        assertEquals(-1, document.get("results").get(0).asInt());
    }

    @Test
    void aTruncatedModuleIsNotAdmitted() throws IOException {
        byte[] whole = Wat2Wasm.parse(MATHS);
        Path half = Files.write(folder.resolve("half.wasm"), Arrays.copyOf(whole, whole.length - 5));
        String err = type("exec", half.toString(), "--invoke", "add", "1", "2")
                .expect(5)
                .err();
        assertTrue(err.contains("half.wasm: not admitted"), err);
    }

    @Test
    void anUnknownImportIsNamed() throws IOException {
        String wat = "(module (import \"env\" \"launch_missiles\" (func)) (func (export \"f\")))";
        String err = type("exec", module(wat), "--invoke", "f").expect(5).err();
        assertTrue(err.contains("launch_missiles"), err);
    }

    @Test
    void fourGibibytesOfInitialMemoryAreNotAdmitted() throws IOException {
        String wat = "(module (memory (export \"memory\") 65536) (func (export \"f\")))";
        String err = type("exec", module(wat), "--invoke", "f", "--memory", "4MiB")
                .expect(5)
                .err();
        assertTrue(err.contains("memory") && err.contains("not admitted"), err);
    }

    @Test
    void aMissingExportAndAMissingArgumentAreUsageErrors() throws IOException {
        assertTrue(type("exec", module(MATHS), "--invoke", "ad").expect(2).err().contains("ad"));
        type("exec", module(MATHS), "--invoke", "add", "1").expect(2);
        type("exec", module(MATHS), "--invoke", "add", "one", "2").expect(2);
        type("exec", module(MATHS), "--invoke", "add", "--cpu", "soon", "1", "2")
                .expect(2);
    }

    @Test
    void wasiOutputStaysOutOfTheDocument() throws IOException {
        String wat = """
                (module
                  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (data (i32.const 16) "hello\\n")
                  (func (export "hi") (result i32)
                    (i32.store (i32.const 0) (i32.const 16))
                    (i32.store (i32.const 4) (i32.const 6))
                    (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
                """;
        JsonNode document = ask("exec", module(wat), "--invoke", "hi");
        assertEquals(0, document.get("results").get(0).asInt());
    }
}
