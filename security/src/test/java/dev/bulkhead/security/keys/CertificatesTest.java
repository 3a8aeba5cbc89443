package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    @Test
    void saysThatAFileIsMissingOrAFolderRatherThanThatItIsNoPem(@TempDir Path folder) {
        Path none = folder.resolve("ca.pem");
        assertEquals(
                none + ": there is no such file",
                assertThrows(KeyException.class, () -> Certificates.readChain(none))
                        .getMessage());
        assertEquals(
                folder + ": it is a folder",
                assertThrows(KeyException.class, () -> Certificates.readChain(folder))
                        .getMessage());
    }
}
