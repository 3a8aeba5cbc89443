package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.VssDocument;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Reads the files these commands are given; the word {@code default} stands for the vehicle that ships with the project. */
final class HalFiles {
    private static final String DEFAULT = "default";

    private HalFiles() {}

    static DbcDatabase dbc(Path file) {
        return file.toString().equals(DEFAULT)
                ? DbcDatabase.parse("default vehicle", DefaultVehicle.dbc())
                : reading(file, () -> DbcDatabase.read(file));
    }

    static VssDocument vss(Path file, List<Path> overlays) {
        VssDocument document = file.toString().equals(DEFAULT)
                ? DefaultVehicle.document()
                : reading(file, () -> VssDocument.read(file));
        for (Path overlay : overlays) {
            document = document.overlaid(reading(overlay, () -> VssDocument.read(overlay)));
        }
        return document;
    }

    private static <T> T reading(Path file, Supplier<T> read) {
        if (!Files.isReadable(file)) {
            throw CommandFailure.failed(
                    file + " cannot be read", "check the path; 'default' is the vehicle that ships");
        }
        try {
            return read.get();
        } catch (HalException | UncheckedIOException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "");
        }
    }
}
