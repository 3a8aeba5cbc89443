package dev.bulkhead.cli.home;

import dev.bulkhead.cli.output.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small file by which a running program says where it listens; it appears whole. */
public final class AddressFile {
    private AddressFile() {}

    public static void write(Path file, String address) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(fresh, address + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw FileFault.unwritten(file, e, "check the folder and its mode");
        }
    }
}
