package dev.bulkhead.contract.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Assets are what was packed, or refused by name: bombs, cuts, links, doubles and paths that lead elsewhere. */
class AssetArchiveTest {
    private static final long MOST = 1 << 20;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Blob packed(Map<String, byte[]> files) {
        return Blob.copyOf(AssetArchive.pack(new TreeMap<>(files)));
    }

    private static Blob compressed(byte[] tar) {
        return Blob.copyOf(Zstd.compress(tar));
    }

    private static byte[] tar(String... names) {
        TarWriter tar = new TarWriter();
        for (String name : names) {
            tar.add(name, bytes("content of " + name));
        }
        return tar.finish();
    }

    /** An archive whose first header was changed. */
    private static Blob withFirstHeader(int offset, String text) {
        return compressed(changed(tar("model.bin"), 0, offset, text));
    }

    /** Changes the header that begins at {@code at}, and puts its checksum right. */
    private static byte[] changed(byte[] tar, int at, int offset, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.ISO_8859_1), 0, tar, at + offset, text.length());
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : tar[at + i] & 0xFF;
        }
        System.arraycopy(bytes(String.format("%06o\0 ", sum)), 0, tar, at + 148, 8);
        return tar;
    }

    private static void refused(Reason reason, String cause, Blob packed) {
        PackageException e = assertThrows(PackageException.class, () -> AssetArchive.unpack(packed, MOST));
        assertEquals(reason, e.reason(), e.getMessage());
        assertTrue(e.getMessage().contains(cause), e.getMessage());
        assertEquals(
                reason,
                assertThrows(PackageException.class, () -> AssetArchive.check(packed, MOST))
                        .reason());
    }

    private static byte[] content(Assets assets, String path) {
        return assets.find(path) instanceof Assets.File file ? file.content() : bytes("no file");
    }

    @Test
    void givesBackWhatWasPacked() {
        byte[] model = new byte[100_000];
        new Random(7).nextBytes(model);
        String deep = "a".repeat(90) + "/" + "ü".repeat(40);
        Blob packed = packed(Map.of("model.bin", model, "maps/north/one.txt", bytes("one"), deep, bytes("deep")));
        Assets assets = AssetArchive.unpack(packed, MOST);
        assertArrayEquals(model, content(assets, "model.bin"));
        assertArrayEquals(bytes("one"), content(assets, "maps/north/one.txt"));
        assertArrayEquals(bytes("deep"), content(assets, deep));
        assertEquals(3, assets.files());
        assertTrue(assets.heldBytes() > 100_000, () -> "holds " + assets.heldBytes());
        assertEquals(
                List.of("a".repeat(90), "maps", "model.bin"),
                List.copyOf(assets.root().entries().keySet()));
        assertTrue(assets.find("maps/north") instanceof Assets.Folder);
        for (String none : List.of("nothing", "maps/south", "model.bin/x", "maps//north", "maps/", "../model.bin")) {
            assertEquals(null, assets.find(none), none);
        }
        assertEquals(3, AssetArchive.check(packed, MOST));
    }

    @Test
    void theSameFilesGiveTheSameBytes() {
        Map<String, byte[]> files = Map.of("b", bytes("two"), "a", bytes("one"));
        assertArrayEquals(AssetArchive.pack(new TreeMap<>(files)), AssetArchive.pack(new TreeMap<>(files)));
    }

    @Test
    void takesWhatAnOrdinaryTarWrites() {
        byte[] tar = new TarWriter().add("./maps/one", bytes("1")).finish();
        Assets assets = AssetArchive.unpack(compressed(Arrays.copyOf(tar, 20 * 512)), MOST);
        assertArrayEquals(bytes("1"), content(assets, "maps/one"));
        byte[] folders =
                new TarWriter().add("./", new byte[0]).add("maps/", new byte[0]).finish();
        Assets empty = AssetArchive.unpack(compressed(changed(changed(folders, 0, 156, "5"), 512, 156, "5")), MOST);
        assertEquals(0, empty.files());
        assertTrue(empty.find("maps") instanceof Assets.Folder);
    }

    @Test
    void aBombEndsAtTheBudgetWhateverItsHeaderSays() throws IOException {
        byte[] zeros = new byte[64 << 20];
        byte[] tar = new TarWriter().add("bomb", zeros).finish();
        refused(Reason.TOO_LARGE, "memory budget", compressed(tar));
        refused(Reason.TOO_LARGE, "memory budget", streamed(tar, 20));
        Blob endless = streamed(zeros, 20);
        assertTrue(endless.size() < 10_000, "a bomb of " + endless.size());
        refused(Reason.TOO_LARGE, "memory budget", endless);
    }

    /** A frame that does not say how much it holds. */
    private static Blob streamed(byte[] content, int windowLog) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zstd = new ZstdOutputStreamNoFinalizer(out).setWindowLog(windowLog)) {
            zstd.write(content);
        }
        return Blob.copyOf(out.toByteArray());
    }

    @Test
    void aFileMayTakeTheWholeBudgetAndNoByteMore() {
        assertEquals(1, AssetArchive.check(packed(Map.of("all", new byte[(int) MOST])), MOST));
        refused(Reason.TOO_LARGE, "more than " + MOST, packed(Map.of("all", new byte[(int) MOST + 1])));
        refused(
                Reason.TOO_LARGE,
                "more than " + MOST,
                packed(Map.of("one", new byte[(int) MOST / 2], "two", new byte[(int) MOST / 2 + 1])));
    }

    @Test
    void aHugeWindowIsRefused() throws IOException {
        refused(Reason.TOO_LARGE, "window", streamed(tar("a"), 27));
        assertEquals(1, AssetArchive.check(streamed(tar("a"), 23), MOST));
    }

    @Test
    void everyCutIsRefused() {
        Blob whole = packed(Map.of("a", bytes("some content"), "b", bytes("more of it")));
        for (int length = 0; length < whole.size(); length++) {
            Blob cut = Blob.copyOf(Arrays.copyOf(whole.bytes(), length));
            PackageException e = assertThrows(PackageException.class, () -> AssetArchive.unpack(cut, MOST));
            assertTrue(
                    e.reason() == Reason.TRUNCATED || e.reason() == Reason.BAD_COMPRESSION,
                    "cut at " + cut.size() + ": " + e.getMessage());
        }
        byte[] tar = tar("a", "b");
        for (int length = 0; length < tar.length - 1_024; length += 61) {
            refused(Reason.TRUNCATED, "", compressed(Arrays.copyOf(tar, length)));
        }
    }

    @Test
    void aLengthThatLiesSetsNothingAside() {
        refused(Reason.TRUNCATED, "says 1048576 bytes", withFirstHeader(124, "00004000000"));
        refused(Reason.TOO_LARGE, "more than", withFirstHeader(124, "17777777767"));
        refused(Reason.TOO_LARGE, "says 8589934591 bytes", withFirstHeader(124, "77777777777"));
    }

    @Test
    void nothingMayFollow() {
        byte[] whole = packed(Map.of("a", bytes("x"))).bytes();
        for (int more : new int[] {1, 3, 4, 1_000}) {
            refused(
                    Reason.BAD_COMPRESSION,
                    more + " bytes lie behind",
                    Blob.copyOf(Arrays.copyOf(whole, whole.length + more)));
        }
        byte[] tar = Arrays.copyOf(tar("a"), tar("a").length + 512);
        tar[tar.length - 1] = 1;
        refused(Reason.BAD_HEADER, "behind the end", compressed(tar));
    }

    @Test
    void whatIsNoZstdIsRefused() {
        refused(Reason.BAD_COMPRESSION, "no sound zstd frame", Blob.copyOf(tar("a")));
        refused(Reason.BAD_COMPRESSION, "no sound zstd frame", Blob.copyOf(bytes("garbage, and more garbage")));
        refused(Reason.BAD_HEADER, "no tar header", compressed(bytes("g".repeat(2_000))));
    }

    @Test
    void aChangedByteIsNoticed() {
        byte[] whole = packed(Map.of("a", bytes("content that is long enough to be a literal")))
                .bytes();
        whole[whole.length - 12] ^= 1;
        PackageException e = assertThrows(PackageException.class, () -> AssetArchive.unpack(Blob.copyOf(whole), MOST));
        assertEquals(Reason.BAD_COMPRESSION, e.reason(), e.getMessage());
    }

    @Test
    void pathsThatLeadElsewhereAreRefused() {
        for (String name : List.of("../evil", "/etc/passwd", "maps/../../evil", "maps/..", "..", "/")) {
            refused(Reason.BAD_NAME, "leaves the package", compressed(tar(name)));
        }
        for (String name : List.of("maps//one", "maps/./one", ".", "maps/")) {
            refused(Reason.BAD_NAME, "is not a plain relative path", compressed(tar(name)));
        }
        for (String name : List.of("a\u001b[31m", "a\\b", "a\nb", "a\u0085")) {
            refused(Reason.BAD_NAME, "is not a plain name", compressed(tar(name)));
        }
        refused(Reason.BAD_NAME, "is not UTF-8", withFirstHeader(0, "\u00ff\u00fe"));
    }

    @Test
    void linksDevicesAndWhatElseATarCanHoldAreRefused() {
        for (char type : "12346789xgLKSDMNV".toCharArray()) {
            refused(Reason.BAD_HEADER, "(tar type " + type + ")", withFirstHeader(156, String.valueOf(type)));
        }
        refused(Reason.BAD_HEADER, "(tar type 5)", withFirstHeader(156, "5"));
    }

    @Test
    void namesThatComeTwiceAreRefused() {
        refused(Reason.DUPLICATE, "'a' is there twice", compressed(tar("a", "b", "a")));
        refused(Reason.DUPLICATE, "'a' is there twice", compressed(tar("a", "./a")));
        refused(Reason.DUPLICATE, "'a' is a file and a folder", compressed(tar("a", "a/b")));
        refused(Reason.DUPLICATE, "'a' is a file and a folder", compressed(tar("a/b", "a")));
    }

    @Test
    void noMoreEntriesThanThereMayBe() {
        TarWriter many = new TarWriter();
        for (int i = 0; i <= Assets.MOST_ENTRIES; i++) {
            many.add("f" + i, new byte[0]);
        }
        refused(Reason.TOO_LARGE, "more than 4096", compressed(many.finish()));
        TarWriter deep = new TarWriter();
        for (int i = 0; i < 200; i++) {
            deep.add("d" + i + "/" + "x/".repeat(40) + "f", new byte[0]);
        }
        refused(Reason.TOO_LARGE, "more than 4096 files and folders", compressed(deep.finish()));
    }

    @Test
    void namesNobodyCouldReadAreNotPacked() {
        for (String name : List.of("../a", "/a", "a//b", "", "x".repeat(101))) {
            assertThrows(PackageException.class, () -> packed(Map.of(name, bytes("x"))), name);
        }
    }

    @Test
    void mutantsAreRefusedOrReadAndNothingElseIsThrown() {
        Random random = new Random(20261124);
        byte[] tar = tar("a", "maps/b", "maps/c");
        byte[] whole = Zstd.compress(tar);
        int refused = 0;
        for (int round = 0; round < 6_000; round++) {
            boolean outer = round % 2 == 0;
            byte[] mutant = outer ? whole.clone() : tar.clone();
            for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
                mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                AssetArchive.unpack(outer ? Blob.copyOf(mutant) : compressed(mutant), MOST);
            } catch (PackageException e) {
                refused++;
            }
        }
        assertTrue(refused > 3_000, "refused only " + refused);
    }
}
