package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMetadataStoreTest {
    private static final String FILE = "timestamp.json";
    private static final int LENGTH = 200_000;
    private static final int KILLS = 5;

    private final Path folder;
    private final FileMetadataStore store;

    FileMetadataStoreTest(@TempDir Path folder) {
        this.folder = folder.resolve("store");
        this.store = new FileMetadataStore(this.folder);
    }

    @Test
    void keepsAndReplacesAndForgets() {
        assertEquals(Optional.empty(), store.load(FILE));
        store.save(FILE, new byte[] {1});
        store.save(FILE, new byte[] {2});
        assertArrayEquals(new byte[] {2}, store.load(FILE).orElseThrow());
        store.delete(FILE);
        assertEquals(Optional.empty(), store.load(FILE));
    }

    @Test
    void refusesNamesThatLeaveTheFolder() {
        assertThrows(MetadataUnavailableException.class, () -> store.load("../root.json"));
        assertThrows(MetadataUnavailableException.class, () -> store.save("root", new byte[0]));
        store.save(RoleNames.file("../odd role"), new byte[] {1});
        assertTrue(Files.exists(folder.resolve("..%2Fodd%20role.json")));
    }

    @Test
    void believesNothingHalfWrittenAfterKillMinusNine() throws IOException, InterruptedException {
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // the first byte says that it writes by now; then it dies somewhere in the middle
            assertTrue(writer.getInputStream().read() >= 0);
            for (int i = 0; i <= kill; i++) {
                assertTrue(writer.getInputStream().read() >= 0);
            }
            writer.destroyForcibly();
            assertTrue(writer.waitFor(30, TimeUnit.SECONDS));
            byte[] content = store.load(FILE).orElseThrow();
            byte[] whole = new byte[LENGTH];
            Arrays.fill(whole, content[0]);
            assertArrayEquals(whole, content);
        }
        store.save(FILE, new byte[] {9});
        assertArrayEquals(new byte[] {9}, store.load(FILE).orElseThrow());
    }

    /** Replaces the file for ever, each time with another byte throughout. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) {
            FileMetadataStore store = new FileMetadataStore(Path.of(args[0]));
            byte[] content = new byte[LENGTH];
            for (int i = 0; i < 1_000_000; i++) {
                Arrays.fill(content, (byte) i);
                store.save(FILE, content);
                System.out.write('.');
                System.out.flush();
            }
        }
    }
}
