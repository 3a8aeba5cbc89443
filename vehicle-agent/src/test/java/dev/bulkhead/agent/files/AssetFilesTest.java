package dev.bulkhead.agent.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.Blob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A package's assets can be read, sought in and listed like any files, and nothing a guest does changes one of them. */
final class AssetFilesTest {
    private static final int OK = 0;
    private static final int BADF = 8;
    private static final int EXIST = 20;
    private static final int INVAL = 28;
    private static final int ISDIR = 31;
    private static final int NAMETOOLONG = 37;
    private static final int NOENT = 44;
    private static final int NOTDIR = 54;
    private static final int ROFS = 69;
    private static final int XDEV = 75;
    private static final int NOTCAPABLE = 76;
    private static final int CREATE = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;
    private static final long TO_WRITE = 1L << 6;
    private static final int OUT = 64;
    private static final int VECTOR = 128;
    private static final int PATH = 1_024;
    private static final int DATA = 8_192;

    /** With a scratch directory as 3, and the assets as 4. */
    private static final int SCRATCH = 3;

    private static final int ROOT = 4;

    private final ArrayMemory memory = new ArrayMemory();
    private final Assets assets = assets(Map.of(
            "model.txt", "0123456789",
            "maps/north/one", "first",
            "maps/north/two", "second",
            "maps/south", ""));
    private final WasiFiles files = new WasiFiles(MemoryPurse.bottomless(), true, Optional.of(assets));

    private static Assets assets(Map<String, String> texts) {
        TreeMap<String, byte[]> contents = new TreeMap<>();
        texts.forEach((name, text) -> contents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return AssetArchive.unpack(Blob.copyOf(AssetArchive.pack(contents)), 4 << 20);
    }

    private long call(String function, long... arguments) {
        return files.function(function).call(memory, arguments);
    }

    private int path(String path) {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        memory.write(PATH, text);
        return text.length;
    }

    private long open(int folder, String path, int how, long rights) {
        return call("path_open", folder, 0, PATH, path(path), how, rights, 0, 0, OUT);
    }

    private int opened(String path, int how) {
        assertEquals(OK, open(ROOT, path, how, 0), path);
        return memory.readInt(OUT);
    }

    private String read(int fd, int length) {
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, length);
        assertEquals(OK, call("fd_read", fd, VECTOR, 1, OUT));
        return new String(memory.read(DATA, memory.readInt(OUT)), StandardCharsets.UTF_8);
    }

    private String readAt(int fd, int length, long offset) {
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, length);
        assertEquals(OK, call("fd_pread", fd, VECTOR, 1, offset, OUT));
        return new String(memory.read(DATA, memory.readInt(OUT)), StandardCharsets.UTF_8);
    }

    /** Names in a folder, asked for with a buffer of so many bytes. */
    private List<String> listed(int fd, int buffer) {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        while (true) {
            assertEquals(OK, call("fd_readdir", fd, DATA, buffer, cookie, OUT));
            int used = memory.readInt(OUT);
            int at = 0;
            while (at + 24 <= used && at + 24 + memory.readInt(DATA + at + 16) <= used) {
                cookie = memory.readLong(DATA + at);
                int length = memory.readInt(DATA + at + 16);
                names.add(new String(memory.read(DATA + at + 24, length), StandardCharsets.UTF_8)
                        + (memory.readInt(DATA + at + 20) == 3 ? "/" : ""));
                at += 24 + length;
            }
            if (used < buffer) {
                return names;
            }
        }
    }

    @Test
    void areThereUnderTheirName() {
        assertEquals(OK, call("fd_prestat_get", ROOT, OUT));
        assertEquals(7, memory.readInt(OUT + 4));
        assertEquals(NAMETOOLONG, call("fd_prestat_dir_name", ROOT, DATA, 6));
        assertEquals(OK, call("fd_prestat_dir_name", ROOT, DATA, 7));
        assertEquals("/assets", new String(memory.read(DATA, 7), StandardCharsets.US_ASCII));
        assertEquals(BADF, call("fd_prestat_get", ROOT + 1, OUT));
        assertEquals(BADF, call("fd_close", ROOT));
    }

    @Test
    void areReadAndSoughtIn() {
        int fd = opened("model.txt", 0);
        assertEquals("012", read(fd, 3));
        assertEquals("89", readAt(fd, 100, 8));
        assertEquals("", readAt(fd, 100, 10));
        assertEquals("", readAt(fd, 100, Long.MAX_VALUE));
        assertEquals(INVAL, call("fd_pread", fd, VECTOR, 1, -1, OUT));
        assertEquals(OK, call("fd_tell", fd, OUT));
        assertEquals(3, memory.readLong(OUT));
        assertEquals(OK, call("fd_seek", fd, -4, 2, OUT));
        assertEquals("6789", read(fd, 100));
        assertEquals(OK, call("fd_seek", fd, 1_000, 1, OUT));
        assertEquals("", read(fd, 100));
        assertEquals(INVAL, call("fd_seek", fd, -1, 0, OUT));
        assertEquals(INVAL, call("fd_seek", fd, Long.MAX_VALUE, 1, OUT));
        assertEquals(OK, call("fd_close", fd));
        assertEquals(BADF, call("fd_read", fd, VECTOR, 1, OUT));
        assertEquals("first", read(opened("maps/north/../north/./one", 0), 100));
    }

    @Test
    void tellTheirSizesKindsAndNumbers() {
        assertEquals(OK, call("path_filestat_get", ROOT, 0, PATH, path("model.txt"), DATA));
        assertEquals(2, memory.readLong(DATA));
        assertEquals(4, memory.readByte(DATA + 16));
        assertEquals(10, memory.readLong(DATA + 32));
        long number = memory.readLong(DATA + 8);
        assertEquals(OK, call("fd_filestat_get", opened("model.txt", 0), DATA));
        assertEquals(number, memory.readLong(DATA + 8));
        assertEquals(OK, call("path_filestat_get", ROOT, 0, PATH, path("maps"), DATA));
        assertEquals(3, memory.readByte(DATA + 16));
        assertTrue(number != memory.readLong(DATA + 8));
        assertEquals(NOENT, call("path_filestat_get", ROOT, 0, PATH, path("model.txt/x"), DATA));
    }

    @Test
    void areListedFolderByFolder() {
        assertEquals(List.of("maps/", "model.txt"), listed(ROOT, 4_096));
        int maps = opened("maps", DIRECTORY);
        assertEquals(List.of("north/", "south"), listed(maps, 4_096));
        assertEquals(OK, call("path_open", maps, 0, PATH, path("north"), DIRECTORY, 0, 0, 0, OUT));
        int north = memory.readInt(OUT);
        assertEquals(List.of("one", "two"), listed(north, 28), "a buffer for one name at a time");
        assertEquals(NOTCAPABLE, call("path_open", north, 0, PATH, path("../south"), 0, 0, 0, 0, OUT));
        assertEquals(INVAL, call("fd_readdir", ROOT, DATA, 100, -1, OUT));
        assertEquals(BADF, call("fd_readdir", opened("model.txt", 0), DATA, 100, 0, OUT));
        assertEquals(ISDIR, call("fd_read", maps, VECTOR, 1, OUT));
    }

    @Test
    void areNeverChanged() {
        assertEquals(ROFS, open(ROOT, "model.txt", 0, TO_WRITE));
        assertEquals(ROFS, open(ROOT, "model.txt", TRUNCATE, 0));
        assertEquals(ROFS, open(ROOT, "model.txt", CREATE | TRUNCATE, TO_WRITE));
        assertEquals(ROFS, open(ROOT, "new.txt", CREATE, TO_WRITE));
        assertEquals(EXIST, open(ROOT, "model.txt", CREATE | EXCLUSIVE, TO_WRITE));
        assertEquals(NOTDIR, open(ROOT, "model.txt", DIRECTORY, 0));
        assertEquals(NOENT, open(ROOT, "new.txt", 0, 0));
        assertEquals(ROFS, call("path_create_directory", ROOT, PATH, path("new")));
        assertEquals(EXIST, call("path_create_directory", ROOT, PATH, path("maps")));
        assertEquals(ROFS, call("path_unlink_file", ROOT, PATH, path("model.txt")));
        assertEquals(NOENT, call("path_unlink_file", ROOT, PATH, path("none")));
        assertEquals(ROFS, call("path_remove_directory", ROOT, PATH, path("maps")));
        assertEquals(ROFS, call("path_rename", ROOT, PATH, path("model.txt"), ROOT, PATH, 5));
        int fd = opened("model.txt", CREATE);
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, 4);
        assertEquals(NOTCAPABLE, call("fd_write", fd, VECTOR, 1, OUT));
        assertEquals(OK, call("fd_fdstat_get", fd, DATA));
        assertEquals(0, memory.readLong(DATA + 8) & TO_WRITE);
        assertEquals("0123456789", read(fd, 100));
    }

    @Test
    void nothingIsMovedInOrOut() {
        assertEquals(OK, open(SCRATCH, "mine", CREATE, TO_WRITE));
        memory.write(PATH + 100, "mine".getBytes(StandardCharsets.UTF_8));
        assertEquals(XDEV, call("path_rename", SCRATCH, PATH + 100, 4, ROOT, PATH, path("theirs")));
        assertEquals(XDEV, call("path_rename", ROOT, PATH, path("model.txt"), SCRATCH, PATH + 100, 4));
        assertEquals(OK, call("path_filestat_get", SCRATCH, 0, PATH, path("mine"), DATA));
    }

    @Test
    void leadNowhereElse() {
        for (String path : List.of("..", "../mine", "/assets/model.txt", "maps/../../model.txt", "a/../..")) {
            assertEquals(NOTCAPABLE, open(ROOT, path, 0, 0), path);
        }
    }

    @Test
    void oneCallMovesNoMoreThanAMegabyte() {
        WasiFiles big =
                new WasiFiles(MemoryPurse.bottomless(), false, Optional.of(assets(Map.of("big", "x".repeat(3 << 20)))));
        assertEquals(OK, big.function("path_open").call(memory, new long[] {3, 0, PATH, path("big"), 0, 0, 0, 0, OUT}));
        for (int i = 0; i < 1_024; i++) {
            memory.writeInt(VECTOR + i * 8, 30_000);
            memory.writeInt(VECTOR + i * 8 + 4, 35_000);
        }
        int fd = memory.readInt(OUT);
        for (int expected : new int[] {1 << 20, 1 << 20, 1 << 20, 0}) {
            assertEquals(OK, big.function("fd_read").call(memory, new long[] {fd, VECTOR, 1_024, OUT}));
            assertEquals(expected, memory.readInt(OUT));
        }
    }

    @Test
    void surviveEveryKindOfArgument() {
        SplittableRandom random = new SplittableRandom(4);
        List<String> functions = List.copyOf(WasiFiles.names());
        for (int i = 0; i < 60_000; i++) {
            long[] a = new long[9];
            for (int k = 0; k < a.length; k++) {
                a[k] = switch (random.nextInt(5)) {
                    case 0 -> random.nextInt(8);
                    case 1 -> random.nextInt();
                    case 2 -> PATH + random.nextInt(64);
                    case 3 -> random.nextLong();
                    default -> random.nextInt(70_000);
                };
            }
            memory.write(
                    PATH, "maps/north/../one..".substring(random.nextInt(10)).getBytes(StandardCharsets.UTF_8));
            long status = call(functions.get(random.nextInt(functions.size())), a);
            assertTrue(status >= 0 && status <= NOTCAPABLE, "status " + status);
        }
        assertEquals("0123456789", readAt(opened("model.txt", 0), 100, 0));
    }
}
