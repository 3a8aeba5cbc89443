package dev.bulkhead.server.repository;

import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.PackageException;
import dev.bulkhead.security.signing.PackageVerifier;
import dev.bulkhead.security.signing.Verdict;
import dev.bulkhead.security.tuf.VendorRole;
import dev.bulkhead.server.repository.IntakeOutcome.Refused;
import dev.bulkhead.server.repository.IntakeOutcome.Taken;
import dev.bulkhead.server.store.BlobRow;
import dev.bulkhead.server.store.BlobStore;
import dev.bulkhead.server.store.BlobTooLargeException;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.ReleaseRow;
import dev.bulkhead.server.store.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes packages in: reads them strictly, verifies the vendor's signature, certificate chain and app-id prefix, and the
 * release counter, which only rises. What is refused leaves nothing behind. Thread-safe.
 */
public final class PackageIntake {
    private final Database database;
    private final BlobStore blobs;
    private final PackageVerifier verifier;
    private final InstantSource time;
    private final long mostBytes;

    /** @param mostBytes longest package taken */
    public PackageIntake(
            Database database, BlobStore blobs, PackageVerifier verifier, InstantSource time, long mostBytes) {
        this.database = database;
        this.blobs = blobs;
        this.verifier = verifier;
        this.time = time;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads a package from a stream.
     *
     * @throws IOException when the stream breaks off
     */
    public IntakeOutcome take(InputStream in) throws IOException {
        try (BlobStore.Incoming incoming = blobs.receive(in, mostBytes)) {
            PackageFacts facts = PackageFacts.read(Files.readAllBytes(incoming.file()));
            return verify(facts, incoming);
        } catch (BlobTooLargeException e) {
            return new Refused("too-large", "the package has more than " + e.limit() + " bytes");
        } catch (PackageException e) {
            return new Refused(e.reason().toString(), message(e));
        } catch (ContractException e) {
            return new Refused("manifest", message(e));
        }
    }

    private IntakeOutcome verify(PackageFacts facts, BlobStore.Incoming incoming) {
        if (facts.app().signature().isEmpty()) {
            return new Refused("unsigned", "the package carries no signature; sign it with bulkhead sign first");
        }
        byte[] envelope = facts.app().signature().get().bytes();
        return switch (verifier.verify(envelope, facts.statement())) {
            case Verdict.Refused refused -> new Refused(refused.reason().word(), refused.detail());
            case Verdict.Trusted trusted -> {
                // looked at only once it is known who made them
                AssetArchive.check(facts.app(), facts.manifest());
                yield keep(facts, trusted.vendor().vendor(), incoming);
            }
        };
    }

    private IntakeOutcome keep(PackageFacts facts, String vendor, BlobStore.Incoming incoming) {
        ReleaseRow row = row(facts, vendor);
        Optional<IntakeOutcome> known = database.read(tx -> settled(tx, row));
        if (known.isPresent()) {
            return known.get();
        }
        // the blob first: a row never points at nothing
        incoming.keep();
        return database.write(tx -> settled(tx, row).orElseGet(() -> add(tx, row, facts.blocks())));
    }

    private static IntakeOutcome add(Transaction tx, ReleaseRow row, BlockTree blocks) {
        tx.releases().addBlob(new BlobRow(row.sha256(), row.length(), row.blockSize(), blocks.leafHashes()));
        tx.releases().removeStaged(row.appId(), row.version());
        tx.releases().removeStagedCounter(row.appId(), row.counter());
        tx.releases().add(row);
        return new Taken(row);
    }

    /** What is decided already: the same package again, another under a taken name, or a counter that does not rise. */
    private static Optional<IntakeOutcome> settled(Transaction tx, ReleaseRow row) {
        Optional<ReleaseRow> same = tx.releases().find(row.appId(), row.version());
        if (same.isPresent() && same.get().sha256().equals(row.sha256())) {
            return Optional.of(new Taken(same.get()));
        }
        if (same.isPresent() && same.get().published()) {
            return Optional.of(new Refused(
                    "version-taken",
                    row.appId() + " " + row.version() + " has been published with other content; raise version and"
                            + " release in app.toml"));
        }
        return tx.releases()
                .newest(row.appId())
                .filter(newest -> newest.counter() >= row.counter())
                .map(newest -> new Refused(
                        "downgrade",
                        row.appId() + " release " + row.counter() + " does not follow release " + newest.counter()
                                + " (version " + newest.version() + "); the release counter only ever rises"));
    }

    private ReleaseRow row(PackageFacts facts, String vendor) {
        String appId = facts.manifest().app().id().text();
        String version = facts.manifest().app().version().toString();
        return new ReleaseRow(
                appId,
                version,
                facts.manifest().app().release(),
                vendor,
                VendorRole.packagePath(vendor, appId, version),
                facts.sha256().hex(),
                facts.length(),
                BlockTree.BLOCK_SIZE,
                facts.blocksRoot().toString(),
                facts.hardwareId(),
                facts.app().packageDigest().hex(),
                false,
                time.millis());
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
