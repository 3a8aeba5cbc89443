package dev.bulkhead.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.cli.Terminal;
import dev.bulkhead.cli.Terminal.Screen;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator swaps an app on a running agent, and a version that does not hold is told as such. */
class SwapCommandTest {
    private static final int PROVEN = 0;
    private static final int FAILED = 1;

    @TempDir
    Path home;

    private Screen swap(Path file, String... more) {
        String[] words = new String[4 + more.length];
        System.arraycopy(new String[] {"swap", "--home", home.toString(), file.toString()}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        return Terminal.type(words);
    }

    @Test
    void swapsAnAppAndSaysWhenAVersionDoesNotHold() throws Exception {
        byte[] relay = new BenchPrograms(home).wasm("relay");
        try (BenchVehicle vehicle = BenchVehicle.in(home)) {
            swap(vehicle.pack(BenchVehicle.manifest("relay", 1, "0s"), relay)).expect(PROVEN);
            JsonNode second = swap(vehicle.pack(BenchVehicle.manifest("relay", 2, "0s"), relay), "--json")
                    .expect(PROVEN)
                    .document();
            assertEquals("2.0.0", second.path("version").asText());
            assertEquals("proven", second.path("update").asText());

            Screen foreignState = swap(
                    vehicle.pack(BenchVehicle.manifest("relay", 3, "0s").replace("state = 1", "state = 9"), relay));
            assertEquals(FAILED, foreignState.status(), foreignState.out() + foreignState.err());
            assertTrue(foreignState.err().contains("2.0.0 is RUNNING"), foreignState.err());

            Screen old = swap(vehicle.pack(BenchVehicle.manifest("relay", 1, "0s"), relay));
            assertTrue(old.status() != PROVEN && old.err().contains("downgrade"), old.err());
            Screen noise = swap(Files.writeString(home.resolve("noise"), "no package"));
            assertTrue(noise.status() != PROVEN && noise.err().contains("malformed"), noise.err());
        }
    }
}
