package dev.bulkhead.cli.tuf;

import dev.bulkhead.security.tuf.MetadataRefusedException;
import dev.bulkhead.security.tuf.MetadataSource;
import dev.bulkhead.security.tuf.MetadataUnavailableException;
import dev.bulkhead.security.tuf.Refusal;
import dev.bulkhead.security.tuf.TargetFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Verified targets in one folder, each under its percent-encoded path; what is there already is not fetched again. */
final class TargetFolder {
    private static final int MAX_BYTES = 256 << 20;

    private final Path folder;
    private final MetadataSource source;

    TargetFolder(Path folder, MetadataSource source) {
        this.folder = folder;
        this.source = source;
    }

    /**
     * Makes sure the target's bytes lie in the folder.
     *
     * @param hashedNames whether the repository names targets by their hash (consistent snapshots)
     */
    Path download(TargetFile target, boolean hashedNames) {
        Path file = folder.resolve(encode(target.path()));
        if (!isCurrent(file, target)) {
            byte[] content = fetch(target, hashedNames);
            target.check(content);
            write(file, content);
        }
        return file;
    }

    private static boolean isCurrent(Path file, TargetFile target) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != target.length()) {
                return false;
            }
            target.check(Files.readAllBytes(file));
            return true;
        } catch (IOException | MetadataRefusedException e) {
            return false;
        }
    }

    private byte[] fetch(TargetFile target, boolean hashedNames) {
        if (target.length() > MAX_BYTES) {
            throw new MetadataRefusedException(
                    target.path(), Refusal.ENDLESS_DATA, target.length() + " bytes, limit " + MAX_BYTES);
        }
        String name = name(target, hashedNames);
        return source.fetch(name, (int) target.length())
                .orElseThrow(() -> new MetadataUnavailableException(name, "the repository has none", null));
    }

    private static String name(TargetFile target, boolean hashedNames) {
        int slash = target.path().lastIndexOf('/') + 1;
        StringBuilder name = new StringBuilder();
        for (String level : target.path().substring(0, slash).split("/", 0)) {
            if (slash > 0) {
                name.append(encode(level)).append('/');
            }
        }
        if (hashedNames) {
            name.append(hash(target)).append('.');
        }
        return name.append(encode(target.path().substring(slash))).toString();
    }

    private static String hash(TargetFile target) {
        return target.hashes()
                .sha256()
                .or(() -> target.hashes().byAlgorithm().values().stream().findFirst())
                .orElseThrow()
                .hex();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void write(Path file, byte[] content) {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(folder);
            Files.write(beside, content);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new MetadataUnavailableException(file.toString(), "cannot be written", e);
        }
    }
}
