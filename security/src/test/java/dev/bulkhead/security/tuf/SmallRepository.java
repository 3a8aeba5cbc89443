package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A repository that signs whatever a test wants, right or wrong, and counts what its client asks for. */
final class SmallRepository implements InstantSource {
    /** A delegated role: who signs it, what it names, whom it delegates to. */
    record Named(FileSigner key, List<TargetFile> targets, List<Edge> delegations) {}

    /** A delegation and the key it names. */
    record Edge(DelegatedRole role, FileSigner key) {}

    final Map<String, List<FileSigner>> keys = new HashMap<>();
    final Map<String, Set<KeyScheme>> required = new HashMap<>();
    final Map<String, Integer> thresholds = new HashMap<>();
    final Map<String, Named> roles = new LinkedHashMap<>();
    final Map<String, byte[]> files = new HashMap<>();
    final List<String> asked = new ArrayList<>();
    final MemoryMetadataStore store = new MemoryMetadataStore();
    private final List<Edge> edges = new ArrayList<>();
    Instant now = Instant.parse("2026-11-01T00:00:00Z");
    boolean networkFails;
    long targetsVersion = 1;
    private long rootVersion = 1;
    private long version;

    SmallRepository() {
        for (String role : List.of("root", "targets", "snapshot", "timestamp")) {
            keys.put(role, List.of(TwoRepositories.newKey()));
        }
        addRoot(root(1), keys("root"));
        store.save("root.json", file("1.root.json"));
    }

    @Override
    public Instant instant() {
        return now;
    }

    List<FileSigner> keys(String role) {
        return Objects.requireNonNull(keys.get(role), role);
    }

    FileSigner key(String role) {
        return keys(role).getFirst();
    }

    byte[] file(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    Updater client() {
        return new Updater(this::fetch, store, this, MetadataLimits.USUAL);
    }

    private Optional<byte[]> fetch(String name, int maxBytes) {
        asked.add(name);
        if (networkFails) {
            throw new MetadataUnavailableException(name, "the cable is cut", null);
        }
        return Optional.ofNullable(files.get(name));
    }

    Root root(long rootVersion) {
        Map<String, VerificationKey> all = new HashMap<>();
        Map<String, RoleKeys> named = new HashMap<>();
        keys.forEach((role, signers) -> {
            signers.forEach(signer -> all.put(signer.keyId(), signer.publicKey()));
            named.put(
                    role,
                    new RoleKeys(
                            signers.stream().map(FileSigner::keyId).toList(),
                            thresholds.getOrDefault(role, 1),
                            required.getOrDefault(role, Set.of())));
        });
        return new Root(rootVersion, expiry(730), true, all, named);
    }

    void addRoot(Root root, List<FileSigner> signers) {
        files.put(RoleNames.file(root.version(), "root"), RoleSigning.sign(root, signers));
    }

    void rotateRoot(List<FileSigner> signers) {
        addRoot(root(++rootVersion), signers);
    }

    void delegate(String role, Set<String> patterns, boolean terminating, TargetFile... targets) {
        FileSigner key = TwoRepositories.newKey();
        roles.put(role, new Named(key, List.of(targets), List.of()));
        edges.add(new Edge(
                new DelegatedRole(
                        role,
                        new RoleKeys(List.of(key.keyId()), 1),
                        terminating,
                        new PathSet.Patterns(List.copyOf(patterns))),
                key));
    }

    static Edge delegated(String role, FileSigner key, String pattern) {
        return new Edge(
                new DelegatedRole(
                        role, new RoleKeys(List.of(key.keyId()), 1), false, new PathSet.Patterns(List.of(pattern))),
                key);
    }

    static TargetFile target(String path) {
        byte[] content = path.getBytes(StandardCharsets.UTF_8);
        return new TargetFile(path, content.length, Hashes.sha256(content), Optional.empty());
    }

    void publish() {
        publish(edges);
    }

    void publish(List<Edge> delegations) {
        version++;
        Map<String, FileMeta> meta = new TreeMap<>();
        put(meta, "targets", targetsVersion, targets(targetsVersion, List.of(), delegations), keys("targets"));
        roles.forEach((name, role) ->
                put(meta, name, 1, targets(1, role.targets(), role.delegations()), List.of(role.key())));
        byte[] snapshot = RoleSigning.sign(new Snapshot(version, expiry(30), meta), keys("snapshot"));
        files.put(RoleNames.file(version, "snapshot"), snapshot);
        files.put(
                "timestamp.json",
                RoleSigning.sign(new Timestamp(version, expiry(7), FileMeta.of(version, snapshot)), keys("timestamp")));
    }

    private void put(Map<String, FileMeta> meta, String role, long number, Targets targets, List<FileSigner> signers) {
        byte[] content = RoleSigning.sign(targets, signers);
        files.put(RoleNames.file(number, role), content);
        meta.put(role + ".json", FileMeta.of(number, content));
    }

    private Targets targets(long number, List<TargetFile> named, List<Edge> delegations) {
        Map<String, TargetFile> byPath = new HashMap<>();
        named.forEach(target -> byPath.put(target.path(), target));
        Map<String, VerificationKey> all = new HashMap<>();
        delegations.forEach(edge -> all.put(edge.key().keyId(), edge.key().publicKey()));
        return new Targets(
                number,
                expiry(365),
                byPath,
                Optional.of(new Delegations(
                        all, delegations.stream().map(Edge::role).toList())),
                Optional.empty());
    }

    private Instant expiry(long days) {
        return RoleSigning.expiry(now, Duration.ofDays(days));
    }
}
