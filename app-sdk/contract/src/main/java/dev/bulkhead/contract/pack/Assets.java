package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.util.Collections;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The read-only files an app brings along, unpacked: a tree of folders. Immutable, to be shared by all instances of a release. */
public final class Assets {
    /** Most files and folders. */
    public static final int MOST_ENTRIES = 4_096;

    /** What an entry takes besides its name and bytes. */
    private static final int ENTRY_BYTES = 256;

    /** A file or a folder. */
    public sealed interface Entry {
        /** Tells the entries of one tree apart; the same on every run. */
        int number();
    }

    /** The bytes are shared: nobody changes them. */
    @SuppressWarnings("ArrayRecordComponent")
    public record File(int number, byte[] content) implements Entry {}

    /** @param entries by name, in the order of their characters */
    public record Folder(int number, NavigableMap<String, Entry> entries) implements Entry {}

    /** No files at all. */
    public static final Assets NONE = new Builder().build();

    private final Folder root;
    private final int files;
    private final long heldBytes;

    private Assets(Folder root, int files, long heldBytes) {
        this.root = root;
        this.files = files;
        this.heldBytes = heldBytes;
    }

    public Folder root() {
        return root;
    }

    /** How many files there are. */
    public int files() {
        return files;
    }

    /** What they take in memory, about: contents, names and what belongs to each entry. 0 where there are none. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Puts a tree together; folders come of themselves. Refuses names that come twice and that are file and folder at once. */
    static final class Builder {
        private final NavigableMap<String, Entry> top = new TreeMap<>();
        private final Set<String> named = new HashSet<>();
        private int entries;
        private int files;
        private long heldBytes;

        void folder(String path) {
            name(path);
            within(path + "/");
        }

        void file(String path, byte[] content) {
            name(path);
            NavigableMap<String, Entry> folder = within(path);
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (folder.putIfAbsent(last, new File(number(last), content)) != null) {
                throw bothKinds(path);
            }
            files++;
            heldBytes += content.length;
        }

        private void name(String path) {
            if (!named.add(path)) {
                throw new PackageException(Reason.DUPLICATE, "assets: '" + path + "' is there twice");
            }
        }

        /** The entries of the folder in which the path ends, made where it is not there yet. */
        private NavigableMap<String, Entry> within(String path) {
            NavigableMap<String, Entry> folder = top;
            int from = 0;
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
                String step = path.substring(from, slash);
                Entry entry = folder.get(step);
                if (entry == null) {
                    entry = new Folder(number(step), new TreeMap<>());
                    folder.put(step, entry);
                }
                if (!(entry instanceof Folder found)) {
                    throw bothKinds(path.substring(0, slash));
                }
                folder = found.entries();
                from = slash + 1;
            }
            return folder;
        }

        private int number(String name) {
            if (++entries > MOST_ENTRIES) {
                throw new PackageException(
                        Reason.TOO_LARGE, "assets: more than " + MOST_ENTRIES + " files and folders");
            }
            heldBytes += ENTRY_BYTES + 2L * name.length();
            return entries;
        }

        private static PackageException bothKinds(String path) {
            return new PackageException(Reason.DUPLICATE, "assets: '" + path + "' is a file and a folder");
        }

        Assets build() {
            return new Assets(sealed(0, top), files, heldBytes);
        }

        private static Folder sealed(int number, NavigableMap<String, Entry> entries) {
            entries.replaceAll((name, entry) ->
                    entry instanceof Folder folder ? sealed(folder.number(), folder.entries()) : entry);
            return new Folder(number, Collections.unmodifiableNavigableMap(entries));
        }
    }

    /** The entry at a path without dots, such as {@code maps/north.bin}; the root for an empty one; null when there is none. */
    public @Nullable Entry find(String path) {
        Entry entry = root;
        for (String step : path.isEmpty() ? new String[0] : path.split("/", -1)) {
            entry = entry instanceof Folder folder ? folder.entries().get(step) : null;
            if (entry == null) {
                return null;
            }
        }
        return entry;
    }
}
