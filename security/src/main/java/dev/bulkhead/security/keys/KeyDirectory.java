package dev.bulkhead.security.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folder {@code bulkhead keys} works on:
 *
 * <pre>
 * oem/root.key   oem/root.pem              OEM root authority (ECDSA P-256)        keep offline
 * oem/fleet.key  oem/fleet.pem             fleet authority: vehicles, servers
 * tuf/{image-root,image-targets,director-root}.key          (Ed25519)     keep offline
 * tuf/{image-root,image-targets,director-root}-ml-dsa.key   (ML-DSA-65)   keep offline
 * online/{image-snapshot,image-timestamp,director-targets,director-snapshot,director-timestamp}.key
 * online/enrolment.key  online/enrolment.pem      authority that renews vehicles' certificates (ECDSA P-256)
 * vendors/NAME/vendor.key  vendor.pem      package key and chain (Ed25519)
 * vendors/NAME/vendor-ml-dsa.key           second key of its metadata role (ML-DSA-65), where it is hybrid
 * vehicles/ID/vehicle.key  vehicle.pem     first TLS client key and chain (ECDSA P-256)
 * vehicles/ID/bootstrap.key  bootstrap.pem what a vehicle enrols with when it has no good certificate (ECDSA P-256)
 * server/server.key  server.pem            TLS server key and chain (ECDSA P-256)
 * trust/oem-root.pem                       what every vehicle and vendor may have: the root; two while one follows the other
 * trust/oem-cross.pem                      each root as the one before it vouches for it, the newest first
 * trust/fleet-authorities.pem              who may have signed a vehicle's first and bootstrap certificates
 * retired/…                                keys and certificates that were replaced
 * </pre>
 *
 * Keys are PKCS#8 PEM of mode 600, encrypted when a passphrase is given; the online, vehicle and server keys never
 * are, because nobody sits there to type one. With a token, the offline keys but for ML-DSA ones are made in it as ECDSA
 * P-256 keys, and their files only say where they lie. Files appear whole and are never written over. Not for concurrent use.
 */
public final class KeyDirectory {
    /** How long certificates live. */
    public record Validity(Duration authority, Duration vendor, Duration leaf) {
        /** Twenty years, five years, one year. */
        public static final Validity USUAL =
                new Validity(Duration.ofDays(7305), Duration.ofDays(1826), Duration.ofDays(365));
    }

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private static final String ENROLMENT = "online/enrolment";
    /** {@code ::1} as certificates are read. */
    private static final String LOOPBACK_6 = "0:0:0:0:0:0:0:1";

    private static final String SERVER = "server/server";

    private final KeyFolder files;
    private final OemFiles oem;
    private final InstantSource time;
    private final SecureRandom random;
    private final Validity validity;

    /** A directory that may or may not exist yet. */
    public KeyDirectory(Path folder, InstantSource time, SecureRandom random, Validity validity) {
        this(new KeyFolder(folder, Optional.empty()), time, random, validity);
    }

    private KeyDirectory(KeyFolder files, InstantSource time, SecureRandom random, Validity validity) {
        this.files = files;
        this.oem = new OemFiles(files);
        this.time = time;
        this.random = random;
        this.validity = validity;
    }

    /** The same directory with a token: offline keys are made in it, and those that lie in it can be used. */
    public KeyDirectory with(Pkcs11Token token) {
        return new KeyDirectory(new KeyFolder(files.root(), Optional.of(token)), time, random, validity);
    }

    private NewKey newOfflineKey(String name, KeyScheme scheme, Optional<char[]> passphrase) {
        return files.newOfflineKey(name, scheme, passphrase, time, random);
    }

    /**
     * Makes the OEM root, the fleet authority and the repository keys.
     *
     * @throws KeyException when any of them exists already
     */
    public void init(Optional<char[]> passphrase) {
        files.refuseExisting("oem/root.key");
        NewKey rootKey = newOfflineKey("oem/root", KeyScheme.ECDSA_P256, passphrase);
        CertificateAuthority root =
                CertificateAuthority.newRoot(rootKey.signer(), "Bulkhead OEM root", validity.authority(), time, random);
        NewKey fleetKey = newOfflineKey("oem/fleet", KeyScheme.ECDSA_P256, passphrase);
        X509Certificate fleet =
                root.issueFleetAuthority("Bulkhead fleet authority", fleetKey.publicKey(), validity.authority());
        for (RepositoryKey key : RepositoryKey.values()) {
            files.save(newRepositoryKey(key, passphrase), key.path());
        }
        files.save(fleetKey, "oem/fleet.key");
        files.save(List.of(fleet), "oem/fleet.pem");
        files.save(List.of(root.certificate()), "oem/root.pem");
        files.save(List.of(root.certificate()), OemFiles.ROOTS);
        files.save(List.of(fleet), OemFiles.FLEETS);
        addEnrolmentAuthority(root);
        // last: whoever finds it finds everything else
        files.save(rootKey, "oem/root.key");
    }

    private NewKey newRepositoryKey(RepositoryKey key, Optional<char[]> passphrase) {
        return key.online()
                ? NewKey.inFile(FileSigner.generate(key.scheme(), random), Optional.empty())
                : newOfflineKey(key.word(), key.scheme(), passphrase);
    }

    /**
     * Makes the authority that the fleet server renews vehicles' certificates with, or the one to follow it: then the
     * present one goes to {@code retired/}, and vehicles with certificates of it enrol anew.
     *
     * @param passphrase of the OEM root key
     */
    public void replaceEnrolmentAuthority(Optional<char[]> passphrase) {
        addEnrolmentAuthority(authority("oem/root", passphrase));
    }

    private void addEnrolmentAuthority(CertificateAuthority root) {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        X509Certificate certificate =
                root.issueEnrolmentAuthority("Bulkhead enrolment authority", key.publicKey(), validity.authority());
        files.discard(ENROLMENT + ".pem" + KeyFolder.NEXT);
        files.discard(ENROLMENT + ".key" + KeyFolder.NEXT);
        files.save(List.of(certificate), ENROLMENT + ".pem" + KeyFolder.NEXT);
        files.save(key, ENROLMENT + ".key" + KeyFolder.NEXT, Optional.empty());
        files.replaceWithNext(ENROLMENT + ".key", time.millis());
        files.replaceWithNext(ENROLMENT + ".pem", time.millis());
    }

    /**
     * Makes a vendor's key and certificate.
     *
     * @param passphrase of the OEM root key, and of the new key
     */
    public void addVendor(VendorIdentity vendor, Optional<char[]> passphrase) {
        String base = "vendors/" + vendor.vendor() + "/vendor";
        files.refuseExisting(base + ".key");
        refusePrefixInUse(vendor);
        CertificateAuthority root = authority("oem/root", passphrase);
        NewKey key = newOfflineKey(base, KeyScheme.ED25519, passphrase);
        X509Certificate certificate = root.issueVendor(vendor, key.publicKey(), validity.vendor());
        files.save(oem.chain(certificate), base + ".pem");
        files.save(key, base + ".key");
    }

    /** Makes a vendor's second key: its metadata role, delegated anew afterwards, then wants both to sign. */
    public void addVendorHybridKey(String vendor, Optional<char[]> passphrase) {
        vendorChain(vendor);
        files.save(FileSigner.generate(KeyScheme.ML_DSA_65, random), hybridKey(vendor), passphrase);
    }

    /**
     * Makes a vehicle's identities: a first TLS key and certificate, and the bootstrap one it enrols with when it has no
     * certificate that is still good. The passphrase is the fleet authority's.
     */
    public void addVehicle(String vehicleId, Optional<char[]> passphrase) {
        files.refuseExisting(vehicleFile(vehicleId) + ".key");
        CertificateAuthority fleet = authority("oem/fleet", passphrase);
        issueBootstrap(vehicleId, fleet, "");
        issueVehicle(vehicleId, fleet, "");
    }

    /**
     * Makes a vehicle's identities anew, as after its fleet authority was taken back; the present ones go to {@code retired/}.
     */
    public void replaceVehicle(String vehicleId, Optional<char[]> passphrase) {
        vehicle(vehicleId);
        CertificateAuthority fleet = authority("oem/fleet", passphrase);
        issueBootstrap(vehicleId, fleet, KeyFolder.NEXT);
        issueVehicle(vehicleId, fleet, KeyFolder.NEXT);
        for (String base : List.of(bootstrapFile(vehicleId), vehicleFile(vehicleId))) {
            files.replaceWithNext(base + ".pem", time.millis());
            files.replaceWithNext(base + ".key", time.millis());
        }
    }

    private void issueVehicle(String vehicleId, CertificateAuthority fleet, String suffix) {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        saveAnew(
                vehicleFile(vehicleId),
                suffix,
                key,
                List.of(fleet.issueVehicle(vehicleId, key.publicKey(), validity.leaf()), fleet.certificate()));
    }

    private void issueBootstrap(String vehicleId, CertificateAuthority fleet, String suffix) {
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        saveAnew(
                bootstrapFile(vehicleId),
                suffix,
                key,
                List.of(fleet.issueBootstrap(vehicleId, key.publicKey(), validity.authority()), fleet.certificate()));
    }

    /** Over what an interrupted command left behind. */
    private void saveAnew(String base, String suffix, FileSigner key, List<X509Certificate> chain) {
        files.discard(base + ".pem" + suffix);
        files.discard(base + ".key" + suffix);
        files.save(chain, base + ".pem" + suffix);
        files.save(key, base + ".key" + suffix, Optional.empty());
    }

    private static String vehicleFile(String vehicleId) {
        return "vehicles/" + Certificates.checkVehicleId(vehicleId) + "/vehicle";
    }

    private static String bootstrapFile(String vehicleId) {
        return "vehicles/" + Certificates.checkVehicleId(vehicleId) + "/bootstrap";
    }

    /** Makes the server's TLS key and certificate for these hosts besides loopback. */
    public void addServer(List<String> hosts, Optional<char[]> passphrase) {
        files.refuseExisting("server/server.key");
        issueServer(hosts, authority("oem/fleet", passphrase), "");
    }

    /**
     * Makes the server's next TLS key and certificate, for the hosts the present one names and these; the present ones go to
     * {@code retired/}. Vehicles notice nothing: they trust the root.
     */
    public void replaceServer(List<String> hosts, Optional<char[]> passphrase) {
        replaceServer(hosts, authority("oem/fleet", passphrase));
    }

    void replaceServer(List<String> hosts, CertificateAuthority fleet) {
        List<String> names = new ArrayList<>(Certificates.hosts(server().chain().getFirst()));
        names.addAll(hosts);
        issueServer(names, fleet, KeyFolder.NEXT);
        files.replaceWithNext(SERVER + ".key", time.millis());
        files.replaceWithNext(SERVER + ".pem", time.millis());
    }

    private void issueServer(List<String> hosts, CertificateAuthority fleet, String suffix) {
        List<String> names = new ArrayList<>(LOOPBACK);
        hosts.stream()
                .distinct()
                .filter(host -> !names.contains(host) && !host.equals(LOOPBACK_6))
                .forEach(names::add);
        FileSigner key = FileSigner.generate(KeyScheme.ECDSA_P256, random);
        X509Certificate certificate = fleet.issueServer(names, key.publicKey(), validity.leaf());
        saveAnew(SERVER, suffix, key, oem.chain(certificate, fleet.certificate()));
    }

    /**
     * Makes the key that is to follow a repository key. It lies beside the present one as {@code NAME.key.next} until
     * {@link #replaceRepositoryKey}; one that an interrupted rotation left behind is taken up again.
     */
    public Signer nextRepositoryKey(RepositoryKey key, Optional<char[]> passphrase) {
        String next = key.path() + KeyFolder.NEXT;
        if (!files.has(next)) {
            files.save(newRepositoryKey(key, passphrase), next);
        }
        return files.key(next, key.online() ? Optional.empty() : passphrase);
    }

    /** Puts the following key in the place of the present one, which goes to {@code retired/}. */
    public void replaceRepositoryKey(RepositoryKey key) {
        files.replaceWithNext(key.path(), time.millis());
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
        NewKey key = newOfflineKey(base, KeyScheme.ED25519, passphrase);
        X509Certificate certificate = root.issueVendor(identity, key.publicKey(), validity.vendor());
        files.discard(base + ".pem" + KeyFolder.NEXT);
        files.discard(base + ".key" + KeyFolder.NEXT);
        files.save(oem.chain(certificate), base + ".pem" + KeyFolder.NEXT);
        files.save(key, base + ".key" + KeyFolder.NEXT);
        if (Files.exists(files.resolve(hybridKey(vendor)))) {
            files.discard(hybridKey(vendor) + KeyFolder.NEXT);
            files.save(
                    FileSigner.generate(KeyScheme.ML_DSA_65, random), hybridKey(vendor) + KeyFolder.NEXT, passphrase);
            files.replaceWithNext(hybridKey(vendor), time.millis());
        }
        files.replaceWithNext(base + ".key", time.millis());
        files.replaceWithNext(base + ".pem", time.millis());
    }

    /** The OEM root certificate, and the one it follows until that is taken back. */
    public TrustAnchor trustAnchor() {
        return new TrustAnchor(oem.roots(), Set.of());
    }

    /** The same roots as their predecessors vouch for them, the newest first; empty where no root ever followed another. */
    public List<X509Certificate> crossCertificates() {
        return oem.crosses();
    }

    /** Fleet authorities whose vehicles count, the present one first. */
    public List<X509Certificate> fleetAuthorities() {
        if (files.has(OemFiles.FLEETS)) {
            return files.chain(OemFiles.FLEETS);
        }
        // a folder made before there was such a list: on a server, its own chain names the authority
        return List.of(
                files.has("oem/fleet.pem")
                        ? files.chain("oem/fleet.pem").getFirst()
                        : server().chain().get(1));
    }

    /** What a vehicle's own chain must lead to, whichever root its authority's certificate in that chain was signed by. */
    public TrustAnchor vehicleAnchor() {
        List<X509Certificate> anchors = new ArrayList<>(oem.roots());
        anchors.addAll(fleetAuthorities());
        enrolmentAuthority().ifPresent(authority -> anchors.add(authority.certificate()));
        return new TrustAnchor(anchors, Set.of());
    }

    /** One root, or one fleet authority, following another. */
    public AuthoritySuccession succession() {
        return new AuthoritySuccession(this, files, oem, time, random, validity);
    }

    /** A repository role's key. */
    public Signer repositoryKey(RepositoryKey key, Optional<char[]> passphrase) {
        return files.key(key.path(), key.online() ? Optional.empty() : passphrase);
    }

    /** A vendor's package key. */
    public Signer vendorKey(String vendor, Optional<char[]> passphrase) {
        return files.key(files.root().relativize(vendorFile(vendor, ".key")).toString(), passphrase);
    }

    /** What a vendor signs its metadata role with: its package key, and the second one where there is one. */
    public List<Signer> vendorSigners(String vendor, Optional<char[]> passphrase) {
        Signer first = vendorKey(vendor, passphrase);
        Path second = files.resolve(hybridKey(vendor));
        return Files.exists(second) ? List.of(first, FileSigner.read(second, passphrase)) : List.of(first);
    }

    /** A vendor's certificate chain, leaf first. */
    public List<X509Certificate> vendorChain(String vendor) {
        return Certificates.readChain(vendorFile(vendor, ".pem"));
    }

    /** Names of the vendors that have a certificate here, sorted. */
    public List<String> vendors() {
        return files.having("vendors", "vendor.pem");
    }

    /** Ids of the vehicles that have a certificate here, sorted. */
    public List<String> vehicles() {
        return files.having("vehicles", "vehicle.key");
    }

    /** A vehicle's TLS identity. */
    public TlsIdentity vehicle(String vehicleId) {
        String base = vehicleFile(vehicleId);
        return TlsIdentity.read(files.resolve(base + ".key"), files.resolve(base + ".pem"), Optional.empty());
    }

    /** What a vehicle enrols with; empty in a folder made before there was such a thing. */
    public Optional<TlsIdentity> bootstrap(String vehicleId) {
        String base = bootstrapFile(vehicleId);
        return files.has(base + ".key")
                ? Optional.of(
                        TlsIdentity.read(files.resolve(base + ".key"), files.resolve(base + ".pem"), Optional.empty()))
                : Optional.empty();
    }

    /** The authority that renews vehicles' certificates; empty where {@link #replaceEnrolmentAuthority} was never called. */
    public Optional<CertificateAuthority> enrolmentAuthority() {
        return files.has(ENROLMENT + ".key") ? Optional.of(authority(ENROLMENT, Optional.empty())) : Optional.empty();
    }

    /** The server's TLS identity. */
    public TlsIdentity server() {
        return TlsIdentity.read(
                files.resolve("server/server.key"), files.resolve("server/server.pem"), Optional.empty());
    }

    /** An authority of this folder: {@code oem/root} or {@code oem/fleet}. */
    public CertificateAuthority authority(String base, Optional<char[]> passphrase) {
        return new CertificateAuthority(
                files.key(base + ".key", passphrase), files.chain(base + ".pem").getFirst(), time, random);
    }

    /** Where the folder is. */
    public Path folder() {
        return files.root();
    }

    private static String hybridKey(String vendor) {
        return "vendors/" + vendor + "/vendor-ml-dsa.key";
    }

    private Path vendorFile(String vendor, String suffix) {
        if (!vendor.matches("[a-z0-9-]{1,63}")) {
            throw new KeyException("vendor name \"" + vendor + "\": wants a-z, 0-9 and -");
        }
        return files.resolve("vendors").resolve(vendor).resolve("vendor" + suffix);
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
}
