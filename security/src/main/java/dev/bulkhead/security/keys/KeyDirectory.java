package dev.bulkhead.security.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder {@code bulkhead keys} works on:
 *
 * <pre>
 * oem/root.key   oem/root.pem              OEM root authority (ECDSA P-256)        keep offline
 * oem/fleet.key  oem/fleet.pem             fleet authority: vehicles, servers
 * tuf/{image-root,image-targets,director-root}.key          (Ed25519)     keep offline
 * tuf/{image-root,image-targets,director-root}-ml-dsa.key   (ML-DSA-65)   keep offline
 * online/{image-snapshot,image-timestamp,director-targets,director-snapshot,director-timestamp}.key
 * vendors/NAME/vendor.key  vendor.pem      package key and chain (Ed25519)
 * vendors/NAME/vendor-ml-dsa.key           second key of its metadata role (ML-DSA-65), where it is hybrid
 * vehicles/ID/vehicle.key  vehicle.pem     TLS client key and chain (ECDSA P-256)
 * server/server.key  server.pem            TLS server key and chain (ECDSA P-256)
 * trust/oem-root.pem                       what every vehicle and vendor may have
 * retired/…                                keys and certificates that were replaced
 * </pre>
 *
 * Keys are PKCS#8 PEM of mode 600, encrypted when a passphrase is given; the online, vehicle and server keys never
 * are, because nobody sits there to type one. Files appear whole and are never written over. Not for concurrent use.
 */
public final class KeyDirectory {
    /** How long certificates live. */
    public record Validity(Duration authority, Duration vendor, Duration leaf) {
        /** Twenty years, five years, one year. */
        public static final Validity USUAL =
                new Validity(Duration.ofDays(7305), Duration.ofDays(1826), Duration.ofDays(365));
    }

    private static final String NEXT = ".next";
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final Path folder;
    private final InstantSource time;
    private final SecureRandom random;
    private final Validity validity;

    /** A directory that may or may not exist yet. */
    public KeyDirectory(Path folder, InstantSource time, SecureRandom random, Validity validity) {
        this.folder = folder;
        this.time = time;
        this.random = random;
        this.validity = validity;
    }

    /**
     * Makes the OEM root, the fleet authority and the repository keys.
     *
     * @throws KeyException when any of them exists already
     */
    public void init(Optional<char[]> passphrase) {
        refuseExisting("oem/root.key");
        FileSigner rootKey = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        CertificateAuthority root =
                CertificateAuthority.newRoot(rootKey, "Bulkhead OEM root", validity.authority(), time, random);
        FileSigner fleetKey = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        X509Certificate fleet =
                root.issueFleetAuthority("Bulkhead fleet authority", fleetKey.publicKey(), validity.authority());
        for (RepositoryKey key : RepositoryKey.values()) {
            Optional<char[]> secret = key.online() ? Optional.empty() : passphrase;
            save(FileSigner.generate(key.scheme(), random), key.path(), secret);
        }
        save(fleetKey, "oem/fleet.key", passphrase);
        save(List.of(fleet), "oem/fleet.pem");
        save(List.of(root.certificate()), "oem/root.pem");
        save(List.of(root.certificate()), "trust/oem-root.pem");
        // last: whoever finds it finds everything else
        save(rootKey, "oem/root.key", passphrase);
    }

    /**
     * Makes a vendor's key and certificate.
     *
     * @param passphrase of the OEM root key, and of the new key
     */
    public void addVendor(VendorIdentity vendor, Optional<char[]> passphrase) {
        String base = "vendors/" + vendor.vendor() + "/vendor";
        refuseExisting(base + ".key");
        refusePrefixInUse(vendor);
        CertificateAuthority root = authority("oem/root", passphrase);
        FileSigner key = FileSigner.generate(KeyScheme.ED25519, random);
        X509Certificate certificate = root.issueVendor(vendor, key.publicKey(), validity.vendor());
        save(List.of(certificate), base + ".pem");
        save(key, base + ".key", passphrase);
    }

    /** Makes a vendor's second key: its metadata role, delegated anew afterwards, then wants both to sign. */
    public void addVendorHybridKey(String vendor, Optional<char[]> passphrase) {
        vendorChain(vendor);
        save(FileSigner.generate(KeyScheme.ML_DSA_65, random), hybridKey(vendor), passphrase);
    }

    /** Makes a vehicle's TLS key and certificate; the passphrase is the fleet authority's. */
    public void addVehicle(String vehicleId, Optional<char[]> passphrase) {
        String base = "vehicles/" + Certificates.checkVehicleId(vehicleId) + "/vehicle";
        refuseExisting(base + ".key");
        CertificateAuthority fleet = authority("oem/fleet", passphrase);
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        X509Certificate certificate = fleet.issueVehicle(vehicleId, key.publicKey(), validity.leaf());
        save(List.of(certificate, fleet.certificate()), base + ".pem");
        save(key, base + ".key", Optional.empty());
    }

    /** Makes the server's TLS key and certificate for these hosts besides loopback. */
    public void addServer(List<String> hosts, Optional<char[]> passphrase) {
        refuseExisting("server/server.key");
        List<String> names = new ArrayList<>(LOOPBACK);
        hosts.stream().filter(host -> !names.contains(host)).forEach(names::add);
        CertificateAuthority fleet = authority("oem/fleet", passphrase);
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        X509Certificate certificate = fleet.issueServer(names, key.publicKey(), validity.leaf());
        save(List.of(certificate, fleet.certificate()), "server/server.pem");
        save(key, "server/server.key", Optional.empty());
    }

    /**
     * Makes the key that is to follow a repository key. It lies beside the present one as {@code NAME.key.next} until
     * {@link #replaceRepositoryKey}; one that an interrupted rotation left behind is taken up again.
     */
    public FileSigner nextRepositoryKey(RepositoryKey key, Optional<char[]> passphrase) {
        Path next = folder.resolve(key.path() + NEXT);
        Optional<char[]> secret = key.online() ? Optional.empty() : passphrase;
        if (!Files.exists(next)) {
            FileSigner.generate(key.scheme(), random).write(next, secret);
        }
        return FileSigner.read(next, secret);
    }

    /** Puts the following key in the place of the present one, which goes to {@code retired/}. */
    public void replaceRepositoryKey(RepositoryKey key) {
        replaceWithNext(key.path());
    }

    /**
     * Makes a vendor's next keys and certificate; the present ones go to {@code retired/}.
     *
     * @param passphrase of the OEM root key, and of the new key
     */
    public void rotateVendor(String vendor, Optional<char[]> passphrase) {
        VendorIdentity identity = TrustAnchor.vendor(vendorChain(vendor).getFirst())
                .orElseThrow(() -> new KeyException(vendorFile(vendor, ".pem") + ": not a vendor certificate"));
        String base = "vendors/" + vendor + "/vendor";
        CertificateAuthority root = authority("oem/root", passphrase);
        FileSigner key = FileSigner.generate(KeyScheme.ED25519, random);
        X509Certificate certificate = root.issueVendor(identity, key.publicKey(), validity.vendor());
        discard(base + ".pem" + NEXT);
        discard(base + ".key" + NEXT);
        save(List.of(certificate), base + ".pem" + NEXT);
        save(key, base + ".key" + NEXT, passphrase);
        if (Files.exists(folder.resolve(hybridKey(vendor)))) {
            discard(hybridKey(vendor) + NEXT);
            save(FileSigner.generate(KeyScheme.ML_DSA_65, random), hybridKey(vendor) + NEXT, passphrase);
            replaceWithNext(hybridKey(vendor));
        }
        replaceWithNext(base + ".key");
        replaceWithNext(base + ".pem");
    }

    /** The OEM root certificate. */
    public TrustAnchor trustAnchor() {
        return new TrustAnchor(
                Certificates.readChain(folder.resolve("trust/oem-root.pem")).getFirst());
    }

    /** A repository role's key. */
    public FileSigner repositoryKey(RepositoryKey key, Optional<char[]> passphrase) {
        return FileSigner.read(folder.resolve(key.path()), key.online() ? Optional.empty() : passphrase);
    }

    /** A vendor's package key. */
    public FileSigner vendorKey(String vendor, Optional<char[]> passphrase) {
        return FileSigner.read(vendorFile(vendor, ".key"), passphrase);
    }

    /** What a vendor signs its metadata role with: its package key, and the second one where there is one. */
    public List<FileSigner> vendorSigners(String vendor, Optional<char[]> passphrase) {
        FileSigner first = vendorKey(vendor, passphrase);
        Path second = folder.resolve(hybridKey(vendor));
        return Files.exists(second) ? List.of(first, FileSigner.read(second, passphrase)) : List.of(first);
    }

    /** A vendor's certificate chain, leaf first. */
    public List<X509Certificate> vendorChain(String vendor) {
        return Certificates.readChain(vendorFile(vendor, ".pem"));
    }

    /** Names of the vendors that have a certificate here, sorted. */
    public List<String> vendors() {
        return children("vendors");
    }

    /** Ids of the vehicles that have a certificate here, sorted. */
    public List<String> vehicles() {
        return children("vehicles");
    }

    /** A vehicle's TLS identity. */
    public TlsIdentity vehicle(String vehicleId) {
        String base = "vehicles/" + Certificates.checkVehicleId(vehicleId) + "/vehicle";
        return TlsIdentity.read(folder.resolve(base + ".key"), folder.resolve(base + ".pem"), Optional.empty());
    }

    /** The server's TLS identity. */
    public TlsIdentity server() {
        return TlsIdentity.read(
                folder.resolve("server/server.key"), folder.resolve("server/server.pem"), Optional.empty());
    }

    /** An authority of this folder: {@code oem/root} or {@code oem/fleet}. */
    public CertificateAuthority authority(String base, Optional<char[]> passphrase) {
        return new CertificateAuthority(
                FileSigner.read(folder.resolve(base + ".key"), passphrase),
                Certificates.readChain(folder.resolve(base + ".pem")).getFirst(),
                time,
                random);
    }

    /** Where the folder is. */
    public Path folder() {
        return folder;
    }

    private static String hybridKey(String vendor) {
        return "vendors/" + vendor + "/vendor-ml-dsa.key";
    }

    private Path vendorFile(String vendor, String suffix) {
        if (!vendor.matches("[a-z0-9-]{1,63}")) {
            throw new KeyException("vendor name \"" + vendor + "\": wants a-z, 0-9 and -");
        }
        return folder.resolve("vendors").resolve(vendor).resolve("vendor" + suffix);
    }

    private void refusePrefixInUse(VendorIdentity wanted) {
        for (String name : vendors()) {
            Optional<VendorIdentity> other =
                    TrustAnchor.vendor(vendorChain(name).getFirst());
            if (other.isPresent() && overlaps(other.get(), wanted)) {
                throw new KeyException("app-id prefix " + wanted.appIdPrefix() + " overlaps "
                        + other.get().appIdPrefix() + " of vendor " + name);
            }
        }
    }

    private static boolean overlaps(VendorIdentity a, VendorIdentity b) {
        return a.owns(b.appIdPrefix()) || b.owns(a.appIdPrefix());
    }

    private List<String> children(String name) {
        Path parent = folder.resolve(name);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (var entries = Files.list(parent)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new KeyException(parent + ": cannot be listed", e);
        }
    }

    private void refuseExisting(String path) {
        if (Files.exists(folder.resolve(path))) {
            throw new KeyException(folder.resolve(path) + ": exists already; keys are never written over");
        }
    }

    private void save(FileSigner key, String path, Optional<char[]> passphrase) {
        key.write(prepared(path), passphrase);
    }

    private void save(List<X509Certificate> chain, String path) {
        NewFile.writePublic(prepared(path), Certificates.toPem(chain).getBytes(StandardCharsets.US_ASCII));
    }

    private void replaceWithNext(String path) {
        Path present = folder.resolve(path);
        Path next = folder.resolve(path + NEXT);
        Path retired = prepared("retired/" + path.replace('/', '-') + "." + time.millis());
        try {
            if (Files.exists(present)) {
                Files.createLink(retired, present);
            }
            Files.move(next, present, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new KeyException(present + ": cannot be replaced by " + next, e);
        }
    }

    private void discard(String path) {
        try {
            Files.deleteIfExists(folder.resolve(path));
        } catch (IOException e) {
            throw new KeyException(folder.resolve(path) + ": cannot be deleted", e);
        }
    }

    private Path prepared(String path) {
        Path file = folder.resolve(path);
        try {
            Path parent = file.getParent();
            if (parent != null) {
                Files.createDirectories(
                        parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return file;
        } catch (IOException e) {
            throw new KeyException(file + ": its folder cannot be made", e);
        }
    }
}
