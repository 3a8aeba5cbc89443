package dev.bulkhead.cli.output;

import static dev.bulkhead.cli.Terminal.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {
    @TempDir
    private Path folder;

    @Test
    void saysInWordsWhatIsWrongWithAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        Path none = folder.resolve("none");
        assertEquals(
                "there is no such file",
                FileFault.words(none, new UncheckedIOException(new NoSuchFileException(none.toString()))));
        assertEquals("permission denied", FileFault.words(file, new AccessDeniedException(file.toString())));
        assertEquals("it exists already", FileFault.words(file, new FileAlreadyExistsException(file.toString())));
        assertEquals("it is a folder", FileFault.words(folder, new IOException("Is a directory")));
        assertEquals("No space left on device", FileFault.words(file, new IOException("No space left on device")));
        assertEquals("odd", FileFault.words(file, new IllegalStateException("odd")));
        Path deep = none.resolve("deep");
        assertEquals("there is no folder " + none, FileFault.words(deep, new NoSuchFileException(deep.toString())));
    }

    @Test
    void noCommandNamesAClassWhenAFileIsMissingOrAFolder() {
        String none = folder.resolve("none.toml").toString();
        for (List<String> words : List.of(
                List.of("verify"),
                List.of("inspect"),
                List.of("exec"),
                List.of("sim", "run", "--policy"),
                List.of("dbc", "show"),
                List.of("vss", "show"),
                List.of("dbc", "decode", "default"))) {
            assertTrue(says(words, none).contains("cannot be read: there is no such file"), words.toString());
            assertTrue(says(words, folder.toString()).contains("cannot be read: it is a folder"), words.toString());
        }
    }

    private static String says(List<String> words, String file) {
        String[] all = Stream.concat(words.stream(), Stream.of(file)).toArray(String[]::new);
        String err = type(all).expect(1).err();
        assertFalse(err.contains("Exception"), err);
        return err;
    }
}
