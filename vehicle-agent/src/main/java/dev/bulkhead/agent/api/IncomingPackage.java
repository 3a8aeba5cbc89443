package dev.bulkhead.agent.api;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.pack.PackageLimits;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A package file that comes in: written aside, bounded, removed again. */
final class IncomingPackage {
    private final Path file;
    private long bytes;

    private IncomingPackage(Path file) {
        this.file = file;
    }

    static IncomingPackage in(Path folder) {
        try {
            Files.createDirectories(folder);
            return new IncomingPackage(Files.createTempFile(folder, "sideload", ".sdvapp"));
        } catch (IOException e) {
            throw unkept(e);
        }
    }

    private static StatusRuntimeException unkept(IOException e) {
        return Status.RESOURCE_EXHAUSTED
                .withDescription("cannot keep the package: " + e.getMessage())
                .asRuntimeException();
    }

    void add(ByteString data) {
        bytes += data.size();
        if (bytes > PackageLimits.STANDARD.packageBytes()) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("the package has more than " + PackageLimits.STANDARD.packageBytes() + " bytes")
                    .asRuntimeException();
        }
        try {
            Files.write(file, data.toByteArray(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unkept(e);
        }
    }

    Path file() {
        return file;
    }

    void discard() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
