package dev.bulkhead.contract.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.manifest.ManifestException;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.PackageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PackageTest {
    private static final byte[] MANIFEST = """
            [app]
            id = "com.acme.climate"
            version = "1.4.2"
            release = 17
            module = "climate.wasm"
            abi = 1
            """.getBytes(StandardCharsets.UTF_8);
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final byte[] ENVELOPE = "{\"payload\":\"\"}".getBytes(StandardCharsets.UTF_8);

    static AppPackage whole() {
        return PackageWriter.assemble(
                        MANIFEST, MODULE, Optional.of(new byte[1_000]), Optional.of(new byte[] {'{', '}', ' '}))
                .signedBy(ENVELOPE);
    }

    private static void refused(Reason reason, String cause, byte[] file) {
        PackageException e = assertThrows(PackageException.class, () -> PackageReader.read(file));
        assertEquals(reason, e.reason(), e.getMessage());
        assertTrue(e.getMessage().contains(cause), e.getMessage());
    }

    /** The package's tar file with its entries changed. */
    private static byte[] rebuilt(UnaryOperator<List<Map.Entry<String, byte[]>>> change) {
        List<Map.Entry<String, byte[]>> entries =
                new ArrayList<>(TarEntries.read(PackageWriter.write(whole())).entrySet());
        TarWriter tar = new TarWriter();
        change.apply(entries).forEach(e -> tar.add(e.getKey(), e.getValue()));
        return tar.finish();
    }

    private static byte[] replaced(String name, UnaryOperator<String> edit) {
        return rebuilt(entries -> {
            entries.replaceAll(e -> e.getKey().equals(name)
                    ? Map.entry(
                            name,
                            edit.apply(new String(e.getValue(), StandardCharsets.UTF_8))
                                    .getBytes(StandardCharsets.UTF_8))
                    : e);
            return entries;
        });
    }

    @Test
    void readsWhatItWrote() {
        AppPackage app = whole();
        AppPackage read = PackageReader.read(PackageWriter.write(app));
        assertEquals(app, read);
        assertArrayEquals(MODULE, read.module().bytes());
        assertArrayEquals(ENVELOPE, read.signature().orElseThrow().bytes());
        assertEquals(
                "com.acme.climate-1.4.2.sdvapp",
                AppPackage.fileName(ManifestParser.parse(read.manifest().bytes(), "app.toml")));
    }

    @Test
    void theSameInputsGiveTheSameBytes() {
        assertArrayEquals(PackageWriter.write(whole()), PackageWriter.write(whole()));
    }

    @Test
    void signingDoesNotChangeThePackageDigest() {
        AppPackage unsigned = PackageWriter.assemble(MANIFEST, MODULE, Optional.empty(), Optional.empty());
        assertEquals(unsigned.packageDigest(), unsigned.signedBy(ENVELOPE).packageDigest());
        assertEquals(unsigned, PackageReader.read(PackageWriter.write(unsigned)));
        assertNotEquals(unsigned.packageDigest(), whole().packageDigest());
    }

    @Test
    void doesNotPackAManifestThatNobodyCouldRead() {
        byte[] wrong = "[app]\n".getBytes(StandardCharsets.UTF_8);
        assertThrows(
                ManifestException.class,
                () -> PackageWriter.assemble(wrong, MODULE, Optional.empty(), Optional.empty()));
    }

    @Test
    void refusesEveryTruncation() {
        byte[] file = PackageWriter.write(whole());
        for (int length = 0; length < file.length - 1_024; length += 97) {
            byte[] cut = Arrays.copyOf(file, length);
            PackageException e =
                    assertThrows(PackageException.class, () -> PackageReader.read(cut), "length " + length);
            assertEquals(Reason.TRUNCATED, e.reason(), e.getMessage());
        }
    }

    @Test
    void refusesWhatHidesInThePadding() {
        byte[] file = PackageWriter.write(whole());
        file[1_023] = 1;
        refused(Reason.BAD_HEADER, "padding of 'oci-layout'", file);
    }

    @Test
    void refusesWhatIsNoTarFile() {
        refused(Reason.BAD_HEADER, "not a package", filled("PK", 1_024));
        refused(Reason.MISSING, "oci-layout", new byte[1_024]);
    }

    private static byte[] filled(String text, int length) {
        return text.repeat(length / text.length()).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void refusesBytesBehindTheEnd() {
        byte[] file = PackageWriter.write(whole());
        file[file.length - 1] = 1;
        refused(Reason.BAD_HEADER, "behind the end", file);
    }

    @Test
    void refusesADuplicateEntry() {
        refused(Reason.DUPLICATE, "index.json", rebuilt(entries -> {
            entries.add(entries.get(1));
            return entries;
        }));
    }

    @Test
    void refusesPathTraversal() {
        for (String name : List.of("../evil", "/etc/passwd", "blobs/../../evil", "blobs/sha256/..")) {
            refused(Reason.BAD_NAME, "leaves the package", rebuilt(entries -> with(entries, name)));
        }
    }

    @Test
    void refusesNamesThatDoNotBelongThere() {
        refused(Reason.BAD_NAME, "does not belong", rebuilt(entries -> with(entries, "readme.txt")));
        refused(Reason.BAD_NAME, "not named by", rebuilt(entries -> with(entries, "blobs/sha256/abc")));
        refused(Reason.BAD_NAME, "not a plain name", rebuilt(entries -> with(entries, "a\u001b[31m")));
    }

    private static List<Map.Entry<String, byte[]>> with(List<Map.Entry<String, byte[]>> entries, String name) {
        entries.add(Map.entry(name, new byte[3]));
        return entries;
    }

    @Test
    void refusesLinks() {
        byte[] file = PackageWriter.write(whole());
        file[156] = '2';
        fixChecksum(file);
        refused(Reason.BAD_HEADER, "not a plain file (tar type 2)", file);
    }

    private static void fixChecksum(byte[] file) {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : file[i] & 0xFF;
        }
        byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, file, 148, 8);
    }

    @Test
    void refusesTooManyEntries() {
        refused(Reason.TOO_LARGE, "more than 64", rebuilt(entries -> {
            for (int i = 0; i < 70; i++) {
                entries.add(Map.entry("f" + i, new byte[0]));
            }
            return entries;
        }));
    }

    @Test
    void refusesABlobThatIsNotItsName() {
        String module = PackageWriter.BLOBS + whole().module().digest().hex();
        refused(Reason.DIGEST_MISMATCH, whole().module().digest().hex(), replaced(module, m -> m + "!"));
    }

    @Test
    void refusesABlobThatNothingRefersTo() {
        byte[] extra = {1, 2, 3};
        refused(Reason.UNREFERENCED, Digest.of(extra).toString(), rebuilt(entries -> {
            entries.add(Map.entry(PackageWriter.BLOBS + Digest.of(extra).hex(), extra));
            return entries;
        }));
    }

    @Test
    void refusesAMissingBlob() {
        String module = PackageWriter.BLOBS + whole().module().digest().hex();
        refused(Reason.MISSING, "the layer application/wasm", rebuilt(entries -> {
            entries.removeIf(e -> e.getKey().equals(module));
            return entries;
        }));
    }

    @Test
    void refusesMalformedJson() {
        refused(Reason.BAD_JSON, "index.json", replaced("index.json", s -> s.substring(1)));
        refused(Reason.BAD_JSON, "index.json", replaced("index.json", s -> "[]"));
        refused(Reason.BAD_JSON, "index.json", replaced("index.json", s -> s + "{}"));
        refused(
                Reason.BAD_JSON,
                "Duplicate",
                replaced(
                        "index.json",
                        s -> s.replace("{\"schemaVersion\":2", "{\"schemaVersion\":2,\"schemaVersion\":2")));
        refused(Reason.BAD_JSON, "nesting depth", replaced("index.json", s -> "{\"a\":" + "[".repeat(60)));
        refused(Reason.TOO_LARGE, "index.json", replaced("index.json", s -> s + " ".repeat(70_000)));
        refused(Reason.BAD_JSON, "schemaVersion", replaced("index.json", s -> s.replace(":2", ":3")));
        refused(Reason.BAD_JSON, "imageLayoutVersion", replaced("oci-layout", s -> s.replace("1.0.0", "2.0.0")));
        refused(
                Reason.SIZE_MISMATCH,
                "descriptor says",
                replaced("index.json", s -> s.replaceFirst("\"size\":", "\"size\":9")));
    }

    @Test
    void refusesUnknownMediaTypes() {
        refused(
                Reason.UNKNOWN_MEDIA_TYPE,
                "application/x-evil",
                replaced("index.json", s -> s.replaceFirst("vnd.oci.image.manifest.v1\\+json", "x-evil")));
        refused(
                Reason.UNKNOWN_MEDIA_TYPE,
                "application/x-evil",
                withImage(s -> s.replace("application/wasm\"", "application/x-evil\"")));
        refused(Reason.UNKNOWN_MEDIA_TYPE, "the config", withImage(s -> s.replace(MediaTypes.CONFIG, "a/b")));
        refused(Reason.DUPLICATE, "two layers", withImage(s -> s.replace(MediaTypes.SBOM, MediaTypes.ASSETS)));
        refused(
                Reason.MISSING,
                "there is no layer " + MediaTypes.APP_MANIFEST,
                withImage(s -> s.replaceFirst(",\\{\"mediaType\":\"application/vnd.bulkhead.manifest.*?\\}\\}", "")));
    }

    /** An unsigned package whose image manifest was edited, its digest put right. */
    private static byte[] withImage(UnaryOperator<String> edit) {
        AppPackage app = PackageWriter.assemble(MANIFEST, MODULE, Optional.of(new byte[9]), Optional.of(new byte[8]));
        byte[] image = edit.apply(new String(app.image().bytes(), StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        return PackageWriter.write(new AppPackage(
                Blob.copyOf(image),
                app.config(),
                app.module(),
                app.manifest(),
                app.assets(),
                app.sbom(),
                app.provenance(),
                Optional.empty()));
    }

    @Test
    void refusesASignatureOfAnotherImage() {
        AppPackage other = PackageWriter.assemble(MANIFEST, MODULE, Optional.empty(), Optional.empty());
        AppPackage app = whole();
        byte[] index =
                TarEntries.read(PackageWriter.write(other.signedBy(ENVELOPE))).get("index.json");
        String foreign = new String(index, StandardCharsets.UTF_8)
                .replace(other.image().digest().hex(), app.image().digest().hex())
                .replaceFirst("\"size\":\\d+", "\"size\":" + app.image().size());
        byte[] file = rebuilt(entries -> {
            entries.replaceAll(e -> e.getKey().equals("index.json")
                    ? Map.entry("index.json", foreign.getBytes(StandardCharsets.UTF_8))
                    : e);
            TarEntries.read(PackageWriter.write(other.signedBy(ENVELOPE))).forEach((name, content) -> {
                if (foreign.contains(name.substring(name.lastIndexOf('/') + 1))
                        && entries.stream().noneMatch(e -> e.getKey().equals(name))) {
                    entries.add(Map.entry(name, content));
                }
            });
            return entries;
        });
        refused(Reason.DIGEST_MISMATCH, "the signature refers to", file);
    }

    @Test
    void refusesSizesAboveTheLimits() {
        byte[] file = PackageWriter.write(whole());
        PackageLimits tight = new PackageLimits(file.length - 1, 100, 1_000, 1_000, 100, 100);
        assertEquals(
                Reason.TOO_LARGE,
                assertThrows(PackageException.class, () -> PackageReader.read(file, tight))
                        .reason());
        PackageLimits module = new PackageLimits(file.length, 7, 1_000, 1_000, 100, 100);
        PackageException e = assertThrows(PackageException.class, () -> PackageReader.read(file, module));
        assertTrue(e.getMessage().contains("the layer application/wasm has 8 bytes, limit 7"), e.getMessage());
    }
}
