package dev.bulkhead.server.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobStoreTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void keepsAFileUnderItsHash() throws IOException {
        BlobStore blobs = BlobStore.open(folder);
        String name;
        try (BlobStore.Incoming incoming = blobs.receive(new ByteArrayInputStream(CONTENT), 100)) {
            name = incoming.sha256();
            assertEquals(CONTENT.length, incoming.length());
            assertFalse(blobs.has(name));
            incoming.keep();
        }
        assertTrue(blobs.has(name));
        assertArrayEquals("ten".getBytes(StandardCharsets.UTF_8), blobs.read(name, 3, 3));
        assertTrue(BlobStore.open(folder).has(name));
    }

    @Test
    void dropsWhatIsNotKept() throws IOException {
        BlobStore blobs = BlobStore.open(folder);
        try (BlobStore.Incoming incoming = blobs.receive(new ByteArrayInputStream(CONTENT), 100)) {
            assertTrue(Files.exists(incoming.file()));
        }
        assertEquals(0, leftovers());
    }

    @Test
    void refusesAStreamThatIsLongerThanAllowedAndLeavesNothing() throws IOException {
        BlobStore blobs = BlobStore.open(folder);
        BlobTooLargeException refused =
                assertThrows(BlobTooLargeException.class, () -> blobs.receive(new ByteArrayInputStream(CONTENT), 6));
        assertEquals(6, refused.limit());
        assertEquals(0, leftovers());
    }

    @Test
    void sweepsOutWhatAnInterruptedUploadLeft() throws IOException {
        BlobStore.open(folder);
        Files.write(folder.resolve("incoming").resolve("upload1.part"), CONTENT);
        BlobStore.open(folder);
        assertEquals(0, leftovers());
    }

    @Test
    void namesCannotLeaveTheFolder() {
        BlobStore blobs = BlobStore.open(folder);
        assertFalse(blobs.has("../../etc/passwd"));
        assertThrows(IllegalArgumentException.class, () -> blobs.path("../../etc/passwd"));
    }

    private long leftovers() throws IOException {
        try (var files = Files.list(folder.resolve("incoming"))) {
            return files.count();
        }
    }
}
