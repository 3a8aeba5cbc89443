package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.VssDocument;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads the files these commands are given; the word {@code default} stands for the vehicle that ships with the project. */
public final class HalFiles {
    private static final String DEFAULT = "default";
    private static final int MOST_LINES = 5_000_000;

    private HalFiles() {}

    public static DbcDatabase dbc(Path file) {
        return file.toString().equals(DEFAULT)
                ? DbcDatabase.parse("default vehicle", DefaultVehicle.dbc())
                : reading(file, () -> DbcDatabase.read(file));
    }

    public static VssDocument vss(Path file, List<Path> overlays) {
        VssDocument document = file.toString().equals(DEFAULT)
                ? DefaultVehicle.document()
                : reading(file, () -> VssDocument.read(file));
        for (Path overlay : overlays) {
            document = document.overlaid(reading(overlay, () -> VssDocument.read(overlay)));
        }
        return document;
    }

    /** All lines of a candump log. */
    public static List<CandumpLine> candump(Path file) {
        List<CandumpLine> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (number > MOST_LINES) {
                    throw CommandFailure.failed(file + " has more than " + MOST_LINES + " lines", "split it");
                }
                if (!line.isBlank()) {
                    lines.add(parse(file, number, line));
                }
            }
        } catch (IOException e) {
            throw FileFault.unread(file, e, "check the path");
        }
        return lines;
    }

    private static CandumpLine parse(Path file, int number, String line) {
        try {
            return CandumpLine.parse(line);
        } catch (CandumpLine.CandumpException e) {
            throw CommandFailure.failed(file + " line " + number + ": " + e.getMessage(), "");
        }
    }

    private static <T> T reading(Path file, Supplier<T> read) {
        if (Files.isDirectory(file) || !Files.isReadable(file)) {
            IOException fault = Files.isDirectory(file)
                    ? new IOException("Is a directory")
                    : Files.exists(file)
                            ? new AccessDeniedException(file.toString())
                            : new NoSuchFileException(file.toString());
            throw FileFault.unread(file, fault, "check the path; 'default' is the vehicle that ships");
        }
        try {
            return read.get();
        } catch (HalException | UncheckedIOException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "");
        }
    }
}
