package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.manifest.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedMap;

/**
 * The layer {@code application/vnd.bulkhead.assets.v1.tar+zstd}: plain files and folders of a ustar archive in one zstd frame. Read with nothing
 * trusted: what comes out is bounded, and so are window, entries and names; links, devices, duplicates and whatever lies behind an end are refused.
 * Stateless.
 */
public final class AssetArchive {
    /** What headers and padding may take beside the bytes of the files. */
    private static final long OVERHEAD = 1_024L * Assets.MOST_ENTRIES + 10_240;

    private AssetArchive() {}

    /**
     * An archive of these files. The same files give the same bytes.
     *
     * @param files content by relative path, such as {@code maps/north.bin}
     * @throws PackageException when a name, or how many there are, is nothing that could be read again
     */
    public static byte[] pack(SortedMap<String, byte[]> files) {
        Assets.Builder tree = new Assets.Builder();
        TarWriter tar = new TarWriter();
        files.forEach((name, content) -> {
            tree.file(AssetName.checked(name), content);
            tar.add(name, content);
        });
        return ZstdFrame.compress(tar.finish());
    }

    /**
     * Unpacks the archive.
     *
     * @param most bytes its files may have together, unpacked
     * @throws PackageException naming the first thing that is wrong with it
     */
    public static Assets unpack(Blob packed, long most) {
        return read(packed, most, true);
    }

    /** As {@link #unpack}, keeping nothing; tells how many files there are. */
    public static int check(Blob packed, long most) {
        return read(packed, most, false).files();
    }

    /**
     * Checks that a package's assets, if it has any, can be unpacked within its own memory budget.
     *
     * @throws PackageException naming the first thing that is wrong with them
     */
    public static void check(AppPackage app, Manifest manifest) {
        app.assets().ifPresent(packed -> check(packed, manifest.budget().memoryBytes()));
    }

    private static Assets read(Blob packed, long most, boolean keep) {
        Assets.Builder tree = new Assets.Builder();
        long unpacked = 0;
        try (ZstdFrame frame = ZstdFrame.open(packed, most, OVERHEAD)) {
            TarReader tar = new TarReader(frame, Assets.MOST_ENTRIES);
            for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
                String name = AssetName.of(entry);
                unpacked += entry.size();
                if (unpacked > most) {
                    throw ZstdFrame.tooLarge(most, "");
                }
                if (!entry.folder()) {
                    tree.file(name, keep ? tar.content() : new byte[0]);
                } else if (!name.isEmpty()) {
                    tree.folder(name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array can always be read", e);
        }
        return tree.build();
    }
}
