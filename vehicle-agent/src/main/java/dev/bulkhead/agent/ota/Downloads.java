package dev.bulkhead.agent.ota;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Set;

/**
 * Files that are being pulled: {@code <sha256>.part} in one directory, with their bitmaps in the ledger. Used from the
 * client's strand only.
 */
final class Downloads {
    private static final String SUFFIX = ".part";

    private final Path directory;
    private final DownloadLedger ledger;
    private final Steps steps;

    Downloads(Path directory, DownloadLedger ledger, Steps steps) {
        this.directory = directory;
        this.ledger = ledger;
        this.steps = steps;
    }

    /** Goes on where a pull of the same file stopped, or begins one. */
    PartialFile open(String sha256, BlockLayout layout) {
        Path file = directory.resolve(sha256 + SUFFIX);
        try {
            Files.createDirectories(directory);
            BitSet have = ledger.find(sha256)
                    .filter(begun -> begun.layout().equals(layout))
                    .map(DownloadLedger.Begun::have)
                    .filter(bits -> reaches(file, layout, bits))
                    .orElseGet(() -> {
                        ledger.begin(sha256, layout);
                        return new BitSet();
                    });
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new PartialFile(sha256, layout, file, channel, have, ledger, steps);
        } catch (IOException e) {
            throw new LedgerException("cannot open the download " + file + ": " + e.getMessage(), e);
        }
    }

    /** A bitmap that promises more than the file holds is not believed: somebody replaced the file. */
    private static boolean reaches(Path file, BlockLayout layout, BitSet bits) {
        int last = bits.length() - 1;
        if (last >= layout.count()) {
            return false;
        }
        try {
            return last < 0 || Files.size(file) >= layout.offset(last) + layout.size(last);
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes every part that nobody wants any more. */
    void keepOnly(Set<String> wanted) {
        for (DownloadLedger.Begun begun : ledger.all()) {
            if (!wanted.contains(begun.sha256())) {
                ledger.forget(begun.sha256());
            }
        }
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path part : parts) {
                String name = part.getFileName().toString();
                if (!wanted.contains(name.substring(0, name.length() - SUFFIX.length()))) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (IOException e) {
            throw new LedgerException("cannot clear old downloads in " + directory + ": " + e.getMessage(), e);
        }
    }
}
