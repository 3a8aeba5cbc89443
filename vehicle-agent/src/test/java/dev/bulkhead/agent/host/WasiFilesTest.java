package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
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
    private final WasiFiles files = new WasiFiles();

    private int path(String path) {
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        memory.write(PATH, text);
        return text.length;
    }

    private long open(String path, int how, int flags) {
        return files.open(memory, new long[] {3, 0, PATH, path(path), how, 0, 0, flags, OUT});
    }

    private int opened(String path, int how, int flags) {
        assertEquals(OK, open(path, how, flags), path);
        return memory.readInt(OUT);
    }

    private long write(int fd, byte[] bytes) {
        memory.write(DATA, bytes);
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, bytes.length);
        return files.write(memory, fd, VECTOR, 1, OUT);
    }

    private void written(int fd, String text) {
        assertEquals(OK, write(fd, text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(text.length(), memory.readInt(OUT));
    }

    private String read(int fd, int length) {
        memory.writeInt(VECTOR, DATA);
        memory.writeInt(VECTOR + 4, length);
        assertEquals(OK, files.read(memory, fd, VECTOR, 1, OUT));
        return new String(memory.read(DATA, memory.readInt(OUT)), StandardCharsets.UTF_8);
    }

    @Test
    void givesBackWhatWasWritten() {
        int fd = opened("notes.txt", CREATE, 0);
        written(fd, "hello world");
        assertEquals("", read(fd, 100));
        assertEquals(OK, files.seek(memory, fd, 6, 0, OUT));
        assertEquals("wor", read(fd, 3));
        assertEquals("ld", read(fd, 100));
        assertEquals(OK, files.close(fd));
        assertEquals(BADF, files.close(fd));
        assertEquals("hello world", read(opened("/./x/../notes.txt".substring(1), 0, 0), 100));
    }

    @Test
    void appendsTruncatesAndFillsGaps() {
        int log = opened("log", CREATE, APPEND);
        written(log, "one");
        assertEquals(OK, files.seek(memory, log, 0, 0, OUT));
        written(log, "two");
        int other = opened("log", 0, 0);
        assertEquals("onetwo", read(other, 100));
        assertEquals(OK, files.seek(memory, other, 2, 2, OUT));
        written(other, "x");
        assertEquals(OK, files.seek(memory, other, 0, 0, OUT));
        assertEquals("onetwo\0\0x", read(other, 100));
        assertEquals("", read(opened("log", TRUNCATE, 0), 100));
    }

    @Test
    void keepsFolders() {
        assertEquals(OK, files.createFolder(memory, 3, PATH, path("a")));
        assertEquals(EXIST, files.createFolder(memory, 3, PATH, path("a")));
        assertEquals(NOENT, files.createFolder(memory, 3, PATH, path("b/c")));
        opened("a/file", CREATE, 0);
        int folder = opened("a", DIRECTORY, 0);
        assertEquals(OK, files.list(memory, folder, DATA, 1_000, 0, OUT));
        assertEquals(24 + 4, memory.readInt(OUT));
        assertArrayEquals("file".getBytes(StandardCharsets.UTF_8), memory.read(DATA + 24, 4));
        assertEquals(NOTEMPTY, files.remove(memory, 3, PATH, path("a"), true));
        assertEquals(ISDIR, files.remove(memory, 3, PATH, path("a"), false));
        assertEquals(NOTDIR, files.remove(memory, 3, PATH, path("a/file"), true));
        memory.write(PATH + 100, "b".getBytes(StandardCharsets.UTF_8));
        assertEquals(OK, files.rename(memory, new long[] {3, PATH, path("a"), 3, PATH + 100, 1}));
        assertEquals(NOENT, open("a/file", 0, 0));
        opened("b/file", 0, 0);
        assertEquals(OK, files.remove(memory, 3, PATH, path("b/file"), false));
        assertEquals(OK, files.remove(memory, 3, PATH, path("b"), true));
    }

    @Test
    void tellsSizesAndKinds() {
        int fd = opened("f", CREATE, 0);
        written(fd, "12345");
        assertEquals(OK, files.filestatOf(memory, new long[] {3, 0, PATH, path("f"), DATA}));
        assertEquals(4, memory.readByte(DATA + 16));
        assertEquals(5, memory.readLong(DATA + 32));
        assertEquals(OK, files.filestat(memory, 3, DATA));
        assertEquals(3, memory.readByte(DATA + 16));
        assertEquals(OK, files.prestat(memory, 3, DATA));
        assertEquals(BADF, files.prestat(memory, 4, DATA));
    }

    @Test
    void leadsNowhereElse() {
        assertEquals(NOTCAPABLE, open("../etc/passwd", 0, 0));
        assertEquals(NOTCAPABLE, open("/etc/passwd", CREATE, 0));
        assertEquals(NOTCAPABLE, open("a/../../b", CREATE, 0));
        assertEquals(OK, files.createFolder(memory, 3, PATH, path("a")));
        int folder = opened("a", 0, 0);
        assertEquals(NOTCAPABLE, files.open(memory, new long[] {folder, 0, PATH, path("../b"), CREATE, 0, 0, 0, OUT}));
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
        assertEquals(OK, files.close(fd));
        assertEquals(OK, files.remove(memory, 3, PATH, path("big"), false));
        written(opened("small", CREATE, 0), "there is room again");
        for (int i = 0; i < 62; i++) {
            opened("small", 0, 0);
        }
        assertEquals(MFILE, open("small", 0, 0));
    }

    @Test
    void makesNoMoreEntriesThanItMay() {
        int made = 0;
        long status = OK;
        while (status == OK && made < 10_000) {
            status = files.createFolder(memory, 3, PATH, path("d" + made));
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
            long status = switch (random.nextInt(12)) {
                case 0 -> files.open(memory, a);
                case 1 -> files.rename(memory, a);
                case 2 -> files.filestatOf(memory, a);
                case 3 -> files.createFolder(memory, a[0], a[1], a[2]);
                case 4 -> files.remove(memory, a[0], a[1], a[2], random.nextBoolean());
                case 5 -> files.list(memory, a[0], a[1], a[2], a[3], a[4]);
                case 6 -> files.read(memory, a[0], a[1], a[2], a[3]);
                case 7 -> files.write(memory, a[0], a[1], a[2], a[3]);
                case 8 -> files.seek(memory, a[0], random.nextLong(), a[2], a[3]);
                case 9 -> files.close(a[0]);
                case 10 -> files.fdstat(memory, a[0], a[1]);
                default -> files.setFlags(a[0], a[1]);
            };
            assertEquals(true, status >= 0 && status <= NOTCAPABLE, "status " + status);
        }
        assertEquals(FAULT, files.prestat(memory, 3, -1));
    }
}
