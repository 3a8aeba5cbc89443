package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.PackageLimits;
import dev.bulkhead.contract.pack.PackageReader;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.SecurityFailure;
import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.keys.VendorIdentity;
import dev.bulkhead.security.signing.Envelope;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** A package on disk. */
public record PackageFile(Path path, AppPackage app, Manifest manifest) {
    /** Reads a package and its manifest; what is wrong with it becomes the command's failure. */
    public static PackageFile read(Path path) {
        try {
            AppPackage app = PackageReader.read(bytes(path, PackageLimits.STANDARD.packageBytes()));
            return new PackageFile(
                    path, app, ManifestParser.parse(app.manifest().bytes(), "app.toml"));
        } catch (ContractException e) {
            throw CommandFailure.refused(path + ": " + e.getMessage(), "");
        }
    }

    /** Whose certificate the package's first signature carries; says nothing about trust. */
    public Optional<VendorIdentity> signer() {
        try {
            return app.signature()
                    .flatMap(signature -> Envelope.decode(signature.bytes()).signatures().stream()
                            .findFirst())
                    .flatMap(signature -> signature.chain().stream().findFirst())
                    .flatMap(der -> TrustAnchor.vendor(Certificates.parse(der.toArray(), "vendor certificate")));
        } catch (SecurityFailure e) {
            return Optional.empty();
        }
    }

    /** Reads a file of at most {@code most} bytes. */
    static byte[] bytes(Path path, long most) {
        try {
            long size = Files.size(path);
            if (size > most) {
                throw CommandFailure.refused(path + " has " + size + " bytes, the limit is " + most, "");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw FileFault.unread(path, e, "check the path");
        }
    }

    /** Writes a package whole or not at all. */
    static void write(AppPackage app, Path target) {
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try {
            try {
                Files.write(fresh, PackageWriter.write(app));
                move(fresh, target);
            } finally {
                Files.deleteIfExists(fresh); // there still where it could not take its place
            }
        } catch (IOException e) {
            throw FileFault.unwritten(target, e, "check the folder and its mode");
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
