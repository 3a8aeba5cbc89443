package dev.bulkhead.server.repository;

import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageReader;
import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.signing.PackageStatement;
import dev.bulkhead.security.tuf.Hashes;
import dev.bulkhead.security.tuf.TargetCustom;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.security.tuf.VendorRole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * What can be said of a package file by looking at it alone. A vendor computes this before signing, the server before
 * believing: both come to the same {@link #target}, so nobody signs what somebody else claims.
 *
 * @param app the package
 * @param manifest its {@code app.toml}
 * @param length of the file in bytes
 * @param sha256 of the file
 * @param blocks tree over its transfer blocks
 */
public record PackageFacts(AppPackage app, Manifest manifest, long length, Digest sha256, BlockTree blocks) {
    /**
     * Reads a package file.
     *
     * @throws dev.bulkhead.contract.ContractException when it is not a package, or its manifest has mistakes
     */
    public static PackageFacts read(byte[] sdvapp) {
        AppPackage app = PackageReader.read(sdvapp);
        Manifest manifest = ManifestParser.parse(app.manifest().bytes(), "app.toml");
        try {
            BlockTree blocks = BlockTree.read(new ByteArrayInputStream(sdvapp), BlockTree.BLOCK_SIZE);
            return new PackageFacts(app, manifest, sdvapp.length, Digest.of(sdvapp), blocks);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the vendor's signature in the package must say. */
    public PackageStatement statement() {
        return new PackageStatement(
                manifest.app().id().text(),
                manifest.app().version().toString(),
                manifest.app().release(),
                bytes(app.packageDigest()),
                bytes(app.module().digest()),
                bytes(app.manifest().digest()));
    }

    /** What runs it: hardware is named by the ABI it offers. */
    public String hardwareId() {
        return "bulkhead-abi-" + manifest.app().abi();
    }

    /** The Merkle root over the blocks. */
    public Hash blocksRoot() {
        return blocks.root();
    }

    /** The target a vendor signs in its role's metadata. */
    public TargetFile target(String vendor) {
        TargetCustom custom = new TargetCustom(
                manifest.app().id().text(),
                manifest.app().version().toString(),
                manifest.app().release(),
                hardwareId(),
                BlockTree.BLOCK_SIZE,
                Bytes.copyOf(blocksRoot().bytes()),
                bytes(app.packageDigest()));
        String path = VendorRole.packagePath(
                vendor, manifest.app().id().text(), manifest.app().version().toString());
        return new TargetFile(path, length, new Hashes(Map.of("sha256", bytes(sha256))), Optional.of(custom.toJson()));
    }

    private static Bytes bytes(Digest digest) {
        return Bytes.copyOf(digest.bytes());
    }
}
