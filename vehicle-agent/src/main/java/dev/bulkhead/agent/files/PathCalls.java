package dev.bulkhead.agent.files;

import static dev.bulkhead.agent.files.Errno.BADF;
import static dev.bulkhead.agent.files.Errno.EXIST;
import static dev.bulkhead.agent.files.Errno.FAULT;
import static dev.bulkhead.agent.files.Errno.INVAL;
import static dev.bulkhead.agent.files.Errno.ISDIR;
import static dev.bulkhead.agent.files.Errno.MFILE;
import static dev.bulkhead.agent.files.Errno.NAMETOOLONG;
import static dev.bulkhead.agent.files.Errno.NOENT;
import static dev.bulkhead.agent.files.Errno.NOSPC;
import static dev.bulkhead.agent.files.Errno.NOTCAPABLE;
import static dev.bulkhead.agent.files.Errno.NOTDIR;
import static dev.bulkhead.agent.files.Errno.NOTEMPTY;
import static dev.bulkhead.agent.files.Errno.ROFS;
import static dev.bulkhead.agent.files.Errno.SUCCESS;
import static dev.bulkhead.agent.files.Errno.XDEV;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What is done by name, relative to an open folder and never out of it. */
final class PathCalls {
    private static final int LONGEST_PATH = 1_024;
    private static final int CREATE = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;

    private final Descriptors descriptors;

    PathCalls(Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    void bind(Map<String, HostCall> calls) {
        calls.put("path_open", this::open);
        calls.put(
                "path_filestat_get",
                (memory, a) -> at(memory, a[0], a[2], a[3], place -> filestat(memory, place, a[4])));
        calls.put("path_create_directory", (memory, a) -> at(memory, a[0], a[1], a[2], PathCalls::createFolder));
        calls.put("path_remove_directory", (memory, a) -> at(memory, a[0], a[1], a[2], place -> remove(place, true)));
        calls.put("path_unlink_file", (memory, a) -> at(memory, a[0], a[1], a[2], place -> remove(place, false)));
        calls.put(
                "path_rename",
                (memory, a) ->
                        at(memory, a[0], a[1], a[2], from -> at(memory, a[3], a[4], a[5], to -> rename(from, to))));
    }

    /** A path in a volume, where there may be something. */
    private record Place(Volume volume, String path) {
        @Nullable
        FileNode node() {
            return volume.find(path);
        }
    }

    /** Does it at the place the guest names; or answers why there is none. */
    private long at(GuestMemory memory, long fd, long path, long length, ToLongFunction<Place> deed) {
        Descriptor folder = descriptors.at(fd);
        if (folder == null || !folder.node().folder()) {
            return folder == null ? BADF : NOTDIR;
        }
        if (length < 0 || length > LONGEST_PATH) {
            return NAMETOOLONG;
        }
        if (!memory.contains((int) path, (int) length)) {
            return FAULT;
        }
        String name = new String(memory.read((int) path, (int) length), StandardCharsets.UTF_8);
        String resolved = name.startsWith("/") ? null : resolve(folder.path(), name);
        return resolved == null ? NOTCAPABLE : deed.applyAsLong(new Place(folder.volume(), resolved));
    }

    /** The path in the volume, without dots; null when it leads out of the folder. */
    private static @Nullable String resolve(String folder, String name) {
        List<String> steps = new ArrayList<>();
        for (String step : name.split("/", -1)) {
            if (step.equals("..")) {
                if (steps.isEmpty()) {
                    return null;
                }
                steps.removeLast();
            } else if (!step.isEmpty() && !step.equals(".")) {
                steps.add(step);
            }
        }
        String within = String.join("/", steps);
        return folder.isEmpty() || within.isEmpty() ? folder + within : folder + "/" + within;
    }

    /** In the order of {@code path_open}: fd, dirflags, path, length, oflags, rights, inheriting, fdflags, out. */
    private long open(GuestMemory memory, long[] a) {
        return at(memory, a[0], a[2], a[3], place -> {
            if (!memory.contains((int) a[8], 4)) {
                return FAULT;
            }
            if (!descriptors.reserve()) {
                return MFILE;
            }
            int error = opened(place, (int) a[4], Rights.toWrite(a[5]));
            FileNode node = place.node();
            if (error != SUCCESS || node == null) {
                descriptors.forgo();
                return error == SUCCESS ? NOENT : error;
            }
            memory.writeInt(
                    (int) a[8], descriptors.open(new Descriptor(place.volume(), place.path(), node, (int) a[7])));
            return SUCCESS;
        });
    }

    private static int opened(Place place, int how, boolean toWrite) {
        FileNode node = place.node();
        if (node != null && (how & EXCLUSIVE) != 0) {
            return EXIST;
        }
        if (node != null && (how & DIRECTORY) != 0 && !node.folder()) {
            return NOTDIR;
        }
        if (node == null && (how & CREATE) == 0) {
            return NOENT;
        }
        return switch (place.volume()) {
            case AssetVolume _ -> node == null || toWrite || (how & TRUNCATE) != 0 ? ROFS : SUCCESS;
            case ScratchTree tree -> {
                if (node != null && (how & TRUNCATE) != 0) {
                    tree.truncate(node);
                }
                yield node == null ? make(tree, place.path(), false) : SUCCESS;
            }
        };
    }

    private static int make(ScratchTree tree, String path, boolean folder) {
        if (!tree.hasParent(path)) {
            return NOENT;
        }
        return tree.make(path, folder) == null ? NOSPC : SUCCESS;
    }

    private static int filestat(GuestMemory memory, Place place, long out) {
        FileNode node = place.node();
        return node == null ? NOENT : FileStat.write(memory, place.volume(), node, out);
    }

    private static int createFolder(Place place) {
        if (place.node() != null) {
            return EXIST;
        }
        return switch (place.volume()) {
            case AssetVolume _ -> ROFS;
            case ScratchTree tree -> make(tree, place.path(), true);
        };
    }

    /** Removes a file, or an empty folder. */
    private static int remove(Place place, boolean folder) {
        FileNode node = place.node();
        if (node == null) {
            return NOENT;
        }
        return switch (place.volume()) {
            case AssetVolume _ -> ROFS;
            case ScratchTree tree -> {
                if (place.path().isEmpty()) {
                    yield INVAL;
                }
                if (node.folder() != folder) {
                    yield folder ? NOTDIR : ISDIR;
                }
                if (folder && tree.list(place.path()).findAny().isPresent()) {
                    yield NOTEMPTY;
                }
                tree.remove(place.path());
                yield SUCCESS;
            }
        };
    }

    private static int rename(Place from, Place to) {
        if (from.node() == null) {
            return NOENT;
        }
        if (!from.volume().equals(to.volume())) {
            return XDEV;
        }
        return switch (from.volume()) {
            case AssetVolume _ -> ROFS;
            case ScratchTree tree -> move(tree, from.path(), to.path());
        };
    }

    private static int move(ScratchTree tree, String from, String to) {
        FileNode node = tree.find(from);
        if (node == null || !tree.hasParent(to)) {
            return NOENT;
        }
        if (from.isEmpty() || to.equals(from) || to.startsWith(from + "/")) {
            return to.equals(from) ? SUCCESS : INVAL;
        }
        FileNode before = tree.find(to);
        if (before != null) {
            if (before.folder() || node.folder()) {
                return EXIST;
            }
            tree.remove(to);
        }
        tree.move(from, to);
        return SUCCESS;
    }
}
