package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.Blob;
import dev.bulkhead.contract.pack.PackageLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files an app brings along, as a developer has them: a folder, or an archive (tar+zstd). */
record AssetSource(Path path) {
    /** Most bytes of a folder's files together: what the largest memory budget could hold. */
    private static final long MOST_BYTES = 1L << 30;

    /** Deepest nesting of folders looked into. */
    private static final int DEEPEST = 64;

    /** The archive; one that is there already as it is. */
    byte[] packed() {
        if (!Files.isDirectory(path)) {
            return PackageFile.bytes(path, PackageLimits.STANDARD.assetsBytes());
        }
        try {
            return AssetArchive.pack(files());
        } catch (ContractException e) {
            throw CommandFailure.refused(path + ": " + e.getMessage(), "docs/package.md says what assets may be");
        }
    }

    /** The files as an app sees them, with at most {@code most} bytes. */
    Assets unpacked(long most) {
        try {
            return AssetArchive.unpack(Blob.copyOf(packed()), most);
        } catch (ContractException e) {
            throw CommandFailure.refused(path + ": " + e.getMessage(), "docs/package.md says what assets may be");
        }
    }

    private SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        long bytes = 0;
        for (Path file : regular()) {
            byte[] content = PackageFile.bytes(file, MOST_BYTES - bytes);
            bytes += content.length;
            files.put(
                    path.relativize(file)
                            .toString()
                            .replace(file.getFileSystem().getSeparator(), "/"),
                    content);
        }
        return files;
    }

    private List<Path> regular() {
        try (Stream<Path> walk = Files.walk(path, DEEPEST)) {
            List<Path> found = walk.filter(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                    .limit(Assets.MOST_ENTRIES + 1L)
                    .toList();
            for (Path each : found) {
                if (!Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    throw CommandFailure.refused(each + " is not a plain file", "put a copy in its place");
                }
            }
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw FileFault.unread(path, e, "check the folder and its mode");
        }
    }
}
