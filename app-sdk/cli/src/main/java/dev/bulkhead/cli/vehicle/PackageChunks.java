package dev.bulkhead.cli.vehicle;

import com.google.protobuf.ByteString;
import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.contract.proto.InstallChunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Package files as the agent takes them: one after the other, in pieces. Not thread-safe. */
final class PackageChunks implements Iterator<InstallChunk>, AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final List<Path> files;
    private final String label;
    private int number = -1;
    private @Nullable InputStream open;
    private byte[] next;

    /** @param label what the agent's reports call the order */
    PackageChunks(List<Path> files, String label) {
        this.files = files;
        this.label = label;
        this.next = read();
    }

    /** The next piece of this file or the first of the next; empty at the end. */
    private byte[] read() {
        try {
            while (true) {
                byte[] piece = open == null ? new byte[0] : open.readNBytes(CHUNK);
                if (piece.length > 0 || number + 1 == files.size()) {
                    return piece;
                }
                close();
                number++;
                open = Files.newInputStream(files.get(number));
            }
        } catch (IOException e) {
            throw FileFault.unread(files.get(Math.max(0, number)), e, "check the path");
        }
    }

    @Override
    public boolean hasNext() {
        return next.length > 0;
    }

    @Override
    public InstallChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        InstallChunk chunk = InstallChunk.newBuilder()
                .setLabel(label)
                .setData(ByteString.copyFrom(next))
                .setPackage(number)
                .build();
        next = read();
        return chunk;
    }

    @Override
    public void close() {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw CommandFailure.failed(files.get(number) + " cannot be closed: " + e, "");
        }
    }
}
