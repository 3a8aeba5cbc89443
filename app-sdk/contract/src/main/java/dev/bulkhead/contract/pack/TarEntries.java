package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of a package's own archive. */
final class TarEntries {
    private TarEntries() {}

    /** Name to content, in the file's order. Directories are looked over and left out. */
    static Map<String, byte[]> read(byte[] tar) {
        TarReader reader = new TarReader(new ByteArrayInputStream(tar), PackageLimits.MOST_ENTRIES);
        Map<String, byte[]> files = new LinkedHashMap<>();
        try {
            for (TarReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                TarText.checkName(entry.name());
                if (!entry.folder() && files.put(entry.name(), reader.content()) != null) {
                    throw new PackageException(Reason.DUPLICATE, "'" + entry.name() + "' is there twice");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array can always be read", e);
        }
        return files;
    }
}
