package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.host.PolicyDesk;
import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.Assets;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ReleaseShelfTest {
    private static final AppIdentity APP = new AppIdentity("acme", "com.acme.app", "1.0.0");

    private final Shelved store = new Shelved();
    private final ReleaseShelf shelf = new ReleaseShelf(store);

    private static byte[] packed(int release) {
        return packed(release, Optional.empty());
    }

    private static byte[] packed(int release, Optional<byte[]> assets) {
        String manifest = """
            [app]
            id = "com.acme.app"
            version = "%d.0.0"
            release = %d
            module = "app.wasm"
            abi = 1
            [budget]
            cpu = "10ms/100ms"
            memory = "64KiB"
            """.formatted(release, release);
        return PackageWriter.write(PackageWriter.assemble(
                manifest.getBytes(StandardCharsets.UTF_8),
                new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0},
                assets,
                Optional.empty()));
    }

    @Test
    void readsAPackageOnce() {
        store.bytes.put("one", packed(1));
        ReleaseContent first = shelf.content("one").orElseThrow();
        assertEquals("1.0.0", first.manifest().app().version().toString());
        assertSame(first, shelf.content("one").orElseThrow());
        assertEquals(1, store.reads);
    }

    @Test
    void unpacksItsAssetsOnceForAllInstances() {
        byte[] assets = AssetArchive.pack(new TreeMap<>(Map.of("a", new byte[100])));
        store.bytes.put("one", packed(1, Optional.of(assets)));
        Assets first = shelf.content("one").orElseThrow().assets().unpack(1_000);
        assertEquals(1, first.files());
        assertSame(first, shelf.content("one").orElseThrow().assets().unpack(1_000));
        store.bytes.put("two", packed(2));
        assertEquals(
                0, shelf.content("two").orElseThrow().assets().unpack(1_000).files());
    }

    @Test
    void asksAgainForOneThatWasNotStored() {
        assertTrue(shelf.content("one").isEmpty());
        store.bytes.put("one", packed(1));
        assertTrue(shelf.content("one").isPresent());
    }

    @Test
    void keepsNothingOfOneThatCannotBeRead() {
        store.bytes.put("one", new byte[100]);
        assertThrows(ContractException.class, () -> shelf.content("one"));
        store.bytes.put("one", packed(1));
        assertTrue(shelf.content("one").isPresent());
    }

    @Test
    void readsTheLongestUnusedAnewBeyondItsBound() {
        for (int i = 0; i < 65; i++) {
            store.bytes.put("package " + i, packed(i + 1));
            shelf.content("package " + i);
        }
        assertEquals(65, store.reads);
        shelf.content("package 1");
        assertEquals(65, store.reads);
        shelf.content("package 0");
        assertEquals(66, store.reads);
    }

    private static ReleaseRights rights() {
        PolicyInForce policy =
                new PolicyInForce(new PolicyDecider(VehiclePolicy.parse("""
                    [policy]
                    name = "test"
                    epoch = 1
                    """, "policy.toml"), ActuatorFrames.none()));
        return new ReleaseRights(new PolicyDesk(policy, APP, List.of()));
    }

    @Test
    void keepsTheRightsOfOneReleaseOfOneVendor() {
        ReleaseRights first = shelf.rights("one", APP, ReleaseShelfTest::rights);
        assertSame(first, shelf.rights("one", APP, ReleaseShelfTest::rights));
        assertNotSame(first, shelf.rights("two", APP, ReleaseShelfTest::rights));
        AppIdentity another = new AppIdentity("bolt", "com.acme.app", "1.0.0");
        assertNotSame(first, shelf.rights("one", another, ReleaseShelfTest::rights));
    }

    @Test
    void findsRightsAnewBeyondItsBound() {
        ReleaseRights first = shelf.rights("0", APP, ReleaseShelfTest::rights);
        for (int i = 1; i <= 64; i++) {
            shelf.rights(Integer.toString(i), APP, ReleaseShelfTest::rights);
        }
        assertNotSame(first, shelf.rights("0", APP, ReleaseShelfTest::rights));
    }

    private static final class Shelved implements ReleaseStore {
        private final Map<String, byte[]> bytes = new HashMap<>();
        private int reads;

        @Override
        public Optional<byte[]> content(String packageDigest) {
            reads++;
            return Optional.ofNullable(bytes.get(packageDigest));
        }

        @Override
        public void store(StoredRelease release, Path content) {}

        @Override
        public Optional<StoredRelease> find(String packageDigest) {
            return Optional.empty();
        }

        @Override
        public List<StoredRelease> all() {
            return List.of();
        }

        @Override
        public void drop(String packageDigest) {}

        @Override
        public OptionalLong floor(String appId) {
            return OptionalLong.empty();
        }
    }
}
