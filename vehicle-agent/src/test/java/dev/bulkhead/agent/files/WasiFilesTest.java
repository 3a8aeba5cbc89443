package dev.bulkhead.agent.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The private directory of an app behaves as WASI says, stays within its bounds, and leads nowhere else. */
final class WasiFilesTest {
    private static final int OK = 0;
    private static final int BADF = 8;
    private static final int EXIST = 20;
    private static final int FAULT = 21;
    private static final int ISDIR = 31;
    private static final int MFILE = 33;
    private static final int NOENT = 44;
    private static final int NOSPC = 51;
    private static final int NOTDIR = 54;
    private static final int NOTEMPTY = 55;
    private static final int NOTCAPABLE = 76;
    private static final int CREATE = 1;
    private static final int DIRECTORY = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;
    private static final int APPEND = 1;
    private static final int OUT = 64;
    private static final int VECTOR = 128;
    private static final int PATH = 1_024;
    private static final int DATA = 8_192;

    private final ArrayMemory memory = new ArrayMemory();
    private final WasiFiles files = new WasiFiles(MemoryPurse.bottomless(), true, Optional.empty());

    private long call(String function, long... arguments) {
        return files.function(function).call(memory, arguments);
    }

    private int path(String path) {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        memory.write(PATH, text);
        return text.length;
    }

    private long open(String path, int how, int flags) {
        return call("path_open", 3, 0, PATH, path(path), how, 0, 0, flags, OUT);
    }

    private int opened(String path, int how, int flags) {
        assertEquals(OK, open(path, how, flags), path);
        return memory.readInt(OUT);
    }

    private long write(int fd, byte[] bytes) {
        memory.write(DATA, bytes);
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, bytes.length);
        return call("fd_write", fd, VECTOR, 1, OUT);
    }

    private void written(int fd, String text) {
        assertEquals(OK, write(fd, text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(text.length(), memory.readInt(OUT));
    }

    private String read(int fd, int length) {
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, length);
        assertEquals(OK, call("fd_read", fd, VECTOR, 1, OUT));
        return new String(memory.read(DATA, memory.readInt(OUT)), StandardCharsets.UTF_8);
    }

    @Test
    void givesBackWhatWasWritten() {
        int fd = opened("notes.txt", CREATE, 0);
        written(fd, "hello world");
        assertEquals("", read(fd, 100));
        assertEquals(OK, call("fd_seek", fd, 6, 0, OUT));
        assertEquals("wor", read(fd, 3));
        assertEquals("ld", read(fd, 100));
        assertEquals(OK, call("fd_close", fd));
        assertEquals(BADF, call("fd_close", fd));
        assertEquals("hello world", read(opened("/./x/../notes.txt".substring(1), 0, 0), 100));
    }

    @Test
    void appendsTruncatesAndFillsGaps() {
        int log = opened("log", CREATE, APPEND);
        written(log, "one");
        assertEquals(OK, call("fd_seek", log, 0, 0, OUT));
        written(log, "two");
        int other = opened("log", 0, 0);
        assertEquals("onetwo", read(other, 100));
        assertEquals(OK, call("fd_seek", other, 2, 2, OUT));
        written(other, "x");
        assertEquals(OK, call("fd_seek", other, 0, 0, OUT));
        assertEquals("onetwo\0\0x", read(other, 100));
        assertEquals("", read(opened("log", TRUNCATE, 0), 100));
    }

    @Test
    void keepsFolders() {
        assertEquals(OK, call("path_create_directory", 3, PATH, path("a")));
        assertEquals(EXIST, call("path_create_directory", 3, PATH, path("a")));
        assertEquals(NOENT, call("path_create_directory", 3, PATH, path("b/c")));
        opened("a/file", CREATE, 0);
        int folder = opened("a", DIRECTORY, 0);
        assertEquals(OK, call("fd_readdir", folder, DATA, 1_000, 0, OUT));
        assertEquals(24 + 4, memory.readInt(OUT));
        assertArrayEquals("file".getBytes(StandardCharsets.UTF_8), memory.read(DATA + 24, 4));
        assertEquals(NOTEMPTY, call("path_remove_directory", 3, PATH, path("a")));
        assertEquals(ISDIR, call("path_unlink_file", 3, PATH, path("a")));
        assertEquals(NOTDIR, call("path_remove_directory", 3, PATH, path("a/file")));
        memory.write(PATH + 100, "b".getBytes(StandardCharsets.UTF_8));
        assertEquals(OK, call("path_rename", 3, PATH, path("a"), 3, PATH + 100, 1));
        assertEquals(NOENT, open("a/file", 0, 0));
        opened("b/file", 0, 0);
        assertEquals(OK, call("path_unlink_file", 3, PATH, path("b/file")));
        assertEquals(OK, call("path_remove_directory", 3, PATH, path("b")));
    }

    @Test
    void tellsSizesAndKinds() {
        int fd = opened("f", CREATE, 0);
        written(fd, "12345");
        assertEquals(OK, call("path_filestat_get", 3, 0, PATH, path("f"), DATA));
        assertEquals(4, memory.readByte(DATA + 16));
        assertEquals(5, memory.readLong(DATA + 32));
        assertEquals(OK, call("fd_filestat_get", 3, DATA));
        assertEquals(3, memory.readByte(DATA + 16));
        assertEquals(OK, call("fd_prestat_get", 3, DATA));
        assertEquals(BADF, call("fd_prestat_get", 4, DATA));
    }

    @Test
    void leadsNowhereElse() {
        assertEquals(NOTCAPABLE, open("../etc/passwd", 0, 0));
        assertEquals(NOTCAPABLE, open("/etc/passwd", CREATE, 0));
        assertEquals(NOTCAPABLE, open("a/../../b", CREATE, 0));
        assertEquals(OK, call("path_create_directory", 3, PATH, path("a")));
        int folder = opened("a", 0, 0);
        assertEquals(NOTCAPABLE, call("path_open", folder, 0, PATH, path("../b"), CREATE, 0, 0, 0, OUT));
        assertEquals(NOTCAPABLE, call("path_open", folder, 0, PATH, path("../ab"), CREATE, 0, 0, 0, OUT));
        assertEquals(NOENT, open("none", 0, 0));
        assertEquals(EXIST, open("a", CREATE | EXCLUSIVE, 0));
    }

    @Test
    void staysWithinItsBounds() {
        int fd = opened("big", CREATE, 0);
        byte[] piece = new byte[32_000];
        long status = OK;
        long sum = 0;
        while (status == OK && sum < 4L << 20) {
            status = write(fd, piece);
            sum += status == OK ? memory.readInt(OUT) : 0;
        }
        assertEquals(NOSPC, status);
        assertEquals(true, sum <= ScratchTree.MOST_BYTES);
        assertEquals(OK, call("fd_close", fd));
        assertEquals(OK, call("path_unlink_file", 3, PATH, path("big")));
        written(opened("small", CREATE, 0), "there is room again");
        for (int i = 0; i < 62; i++) {
            opened("small", 0, 0);
        }
        assertEquals(MFILE, open("small", 0, 0));
    }

    @Test
    void whatIsRemovedWhileItIsOpenIsPaidForUntilItIsClosed() {
        int before = filled();
        for (int round = 0; round < 5; round++) {
            int fd = opened("gone", CREATE, 0);
            assertEquals(OK, call("path_unlink_file", 3, PATH, path("gone")));
            written(fd, "still here");
            assertEquals(OK, call("fd_seek", fd, 0, 0, OUT));
            assertEquals("still here", read(fd, 100));
            written(fd, "x".repeat(50_000));
            assertEquals(OK, call("fd_close", fd));
        }
        assertEquals(before, filled());
    }

    /** How many pieces of 32,000 bytes there is room for. */
    private int filled() {
        int fd = opened("filler", CREATE, 0);
        int pieces = 0;
        while (write(fd, new byte[32_000]) == OK) {
            pieces++;
        }
        assertEquals(OK, call("fd_close", fd));
        assertEquals(OK, call("path_unlink_file", 3, PATH, path("filler")));
        return pieces;
    }

    @Test
    void makesNoMoreEntriesThanItMay() {
        int made = 0;
        long status = OK;
        while (status == OK && made < 10_000) {
            status = call("path_create_directory", 3, PATH, path("d" + made));
            made++;
        }
        assertEquals(NOSPC, status);
        assertEquals(ScratchTree.MOST_ENTRIES, made);
    }

    @Test
    void survivesEveryKindOfArgument() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 60_000; i++) {
            long[] a = new long[9];
            for (int k = 0; k < a.length; k++) {
                a[k] = switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(8);
                    case 1 -> random.nextInt();
                    case 2 -> PATH + random.nextInt(64);
                    default -> random.nextInt(70_000);
                };
            }
            memory.write(PATH, new byte[] {(byte) ('a' + random.nextInt(3)), '/', 'b', '.', '.', '/', 0});
            long status = switch (random.nextInt(13)) {
                case 0 -> call("path_open", a);
                case 1 -> call("path_rename", a);
                case 2 -> call("path_filestat_get", a);
                case 3 -> call("path_create_directory", a[0], a[1], a[2]);
                case 4 -> call(random.nextBoolean() ? "path_unlink_file" : "path_remove_directory", a);
                case 5 -> call("fd_readdir", a[0], a[1], a[2], a[3], a[4]);
                case 6 -> call("fd_read", a[0], a[1], a[2], a[3]);
                case 7 -> call("fd_write", a[0], a[1], a[2], a[3]);
                case 8 -> call("fd_seek", a[0], random.nextLong(), a[2], a[3]);
                case 9 -> call("fd_close", a[0]);
                case 10 -> call("fd_fdstat_get", a[0], a[1]);
                case 11 -> call("fd_pread", a[0], a[1], a[2], random.nextLong(), a[4]);
                default -> call("fd_fdstat_set_flags", a[0], a[1]);
            };
            assertEquals(true, status >= 0 && status <= NOTCAPABLE, "status " + status);
        }
        assertEquals(FAULT, call("fd_prestat_get", 3, -1));
    }
}
