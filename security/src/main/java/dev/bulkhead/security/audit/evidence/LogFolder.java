package dev.bulkhead.security.audit.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** An exported log as a folder, the way a static web server would offer it. */
public final class LogFolder implements LogFiles, FileSink {
    private final Path root;

    /** The folder; it need not exist when it is written. */
    public LogFolder(Path root) {
        this.root = root;
    }

    @Override
    public Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file -> paths.add(root.relativize(file).toString().replace('\\', '/')));
        } catch (IOException e) {
            throw new EvidenceException("cannot list " + root + ": " + e.getMessage(), e);
        }
        return paths;
    }

    @Override
    public Optional<byte[]> read(String path, int cap) {
        Path file = root.resolve(path);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(cap + 1);
            if (bytes.length > cap) {
                throw new EvidenceException(path + " has more than " + cap + " bytes");
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            throw new EvidenceException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void accept(String path, byte[] content) {
        Path file = root.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new EvidenceException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // nothing is held open
    }
}
