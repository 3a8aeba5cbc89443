package dev.bulkhead.contract.pack;

import dev.bulkhead.contract.pack.PackageException.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The files of a package by name, and which of its blobs were referred to. */
final class BlobShelf {
    private final Map<String, byte[]> files;
    private final Map<Digest, Blob> blobs = new HashMap<>();
    private final Set<Digest> taken = new HashSet<>();

    private BlobShelf(Map<String, byte[]> files) {
        this.files = files;
    }

    /** Checks every name, and every blob against its name. */
    static BlobShelf of(Map<String, byte[]> files) {
        BlobShelf shelf = new BlobShelf(files);
        files.forEach((name, content) -> {
            if (name.startsWith(PackageWriter.BLOBS)) {
                shelf.shelve(name, content);
            } else if (!name.equals(PackageWriter.LAYOUT_FILE) && !name.equals(PackageWriter.INDEX_FILE)) {
                throw new PackageException(Reason.BAD_NAME, "'" + name + "' does not belong in a package");
            }
        });
        return shelf;
    }

    private void shelve(String name, byte[] content) {
        Blob blob = Blob.owning(content);
        String hex = name.substring(PackageWriter.BLOBS.length());
        if (Digest.parse("sha256:" + hex).isEmpty()) {
            throw new PackageException(Reason.BAD_NAME, "'" + name + "' is not named by a SHA-256 digest");
        }
        if (!blob.digest().hex().equals(hex)) {
            throw new PackageException(
                    Reason.DIGEST_MISMATCH,
                    "blob " + hex + " has the digest " + blob.digest().hex());
        }
        blobs.put(blob.digest(), blob);
    }

    byte[] file(String name) {
        byte[] content = files.get(name);
        if (content == null) {
            throw new PackageException(Reason.MISSING, "there is no " + name);
        }
        return content;
    }

    /** The blob a descriptor refers to, of the size it says, which is at most {@code most} bytes. */
    Blob take(Descriptor descriptor, int most, String what) {
        Blob blob = blobs.get(descriptor.digest());
        if (blob == null) {
            throw new PackageException(Reason.MISSING, what + ", " + descriptor.digest() + ", is not in the package");
        }
        if (blob.size() != descriptor.size()) {
            throw new PackageException(
                    Reason.SIZE_MISMATCH,
                    what + " has " + blob.size() + " bytes, its descriptor says " + descriptor.size());
        }
        if (blob.size() > most) {
            throw new PackageException(Reason.TOO_LARGE, what + " has " + blob.size() + " bytes, limit " + most);
        }
        taken.add(blob.digest());
        return blob;
    }

    void requireAllTaken() {
        blobs.keySet().stream()
                .filter(d -> !taken.contains(d))
                .sorted()
                .findFirst()
                .ifPresent(d -> {
                    throw new PackageException(Reason.UNREFERENCED, "nothing refers to blob " + d);
                });
    }
}
