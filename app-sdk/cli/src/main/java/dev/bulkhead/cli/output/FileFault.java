package dev.bulkhead.cli.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why a file could not be read or written, in words for who named it. */
public final class FileFault {
    private FileFault() {}

    /** A command's failure to read a file; {@code hint} is what to try. */
    public static CommandFailure unread(Path file, Exception fault, String hint) {
        return CommandFailure.failed(file + " cannot be read: " + words(file, fault), hint);
    }

    /** A command's failure to write a file; {@code hint} is what to try. */
    public static CommandFailure unwritten(Path file, Exception fault, String hint) {
        return CommandFailure.failed(file + " cannot be written: " + words(file, fault), hint);
    }

    /** What is wrong, without the name of the file or of a class. */
    static String words(Path file, Exception fault) {
        Exception cause =
                fault.getCause() instanceof IOException io && fault instanceof UncheckedIOException ? io : fault;
        return switch (cause) {
            case NoSuchFileException missing -> missing(file, missing);
            case NotDirectoryException _ -> "it is no folder";
            case AccessDeniedException _ -> "permission denied";
            case IOException _ when Files.isDirectory(file) -> "it is a folder";
            case FileAlreadyExistsException _ -> "it exists already";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> message(cause);
        };
    }

    /** The file itself, or what should hold it when that is not there either. */
    private static String missing(Path file, NoSuchFileException fault) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            return "there is no folder " + folder;
        }
        boolean same = fault.getFile() == null || Path.of(fault.getFile()).equals(file) || !Files.exists(file);
        return same ? "there is no such file" : "there is no " + fault.getFile();
    }

    private static String message(Exception cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
