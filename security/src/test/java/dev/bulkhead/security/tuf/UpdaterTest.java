package dev.bulkhead.security.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.VerificationKey;
import dev.bulkhead.security.tuf.SmallRepository.Named;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client workflow against a repository that does as the test says. */
class UpdaterTest {
    private final SmallRepository repository = new SmallRepository();

    @Test
    void believesAConsistentRepository() {
        repository.publish();
        repository.client().refresh();
        assertEquals(
                List.of("1.snapshot.json", "1.targets.json", "2.root.json", "timestamp.json"),
                repository.asked.stream().sorted().toList());
    }

    @Test
    void asksOnlyForNewsTheSecondTime() {
        repository.publish();
        repository.client().refresh();
        repository.asked.clear();
        repository.client().refresh();
        assertEquals(List.of("2.root.json", "timestamp.json"), repository.asked);
    }

    @Test
    void rotatesRootWithBothThresholds() {
        FileSigner old = repository.key("root");
        repository.keys.put("root", List.of(TwoRepositories.newKey()));
        repository.rotateRoot(List.of(old, repository.key("root")));
        repository.publish();
        Updater client = repository.client();
        client.refresh();
        assertEquals(2, client.trusted().root().version());
    }

    @Test
    void refusesANewRootTheOldKeysDidNotSign() {
        repository.keys.put("root", List.of(TwoRepositories.newKey()));
        repository.rotateRoot(List.of(repository.key("root")));
        repository.publish();
        assertRefused(Refusal.THRESHOLD, "2.root.json");
    }

    @Test
    void refusesANewRootItsOwnKeysDidNotSign() {
        FileSigner old = repository.key("root");
        repository.keys.put("root", List.of(TwoRepositories.newKey()));
        repository.rotateRoot(List.of(old));
        repository.publish();
        assertRefused(Refusal.THRESHOLD, "2.root.json");
    }

    @Test
    void refusesAThresholdMetByOneKeyUnderTwoIds() {
        FileSigner key = repository.key("timestamp");
        Root root = repository.root(2);
        Map<String, VerificationKey> keys = new HashMap<>(root.keys());
        keys.put("alias", key.publicKey());
        Map<String, RoleKeys> roles = new HashMap<>(root.roles());
        roles.put("timestamp", new RoleKeys(List.of(key.keyId(), "alias"), 2));
        repository.addRoot(new Root(2, root.expires(), true, keys, roles), repository.keys("root"));
        repository.publish();
        byte[] once = repository.file("timestamp.json");
        String text = new String(once, StandardCharsets.UTF_8);
        String sig = text.substring(text.indexOf("{\"keyid\""), text.indexOf("}]") + 1);
        String twice = text.replace(sig, sig + "," + sig.replace(key.keyId(), "alias"));
        repository.files.put("timestamp.json", twice.getBytes(StandardCharsets.UTF_8));
        MetadataRefusedException e = assertRefused(Refusal.THRESHOLD, "timestamp.json");
        assertTrue(e.detail().startsWith("1 valid"), e.detail());
    }

    @Test
    void refusesTheSameKeyIdTwiceAmongSignatures() {
        repository.publish();
        String text = new String(repository.file("timestamp.json"), StandardCharsets.UTF_8);
        String sig = text.substring(text.indexOf("{\"keyid\""), text.indexOf("}]") + 1);
        repository.files.put(
                "timestamp.json", text.replace(sig, sig + "," + sig).getBytes(StandardCharsets.UTF_8));
        assertRefused(Refusal.MALFORMED, "timestamp.json");
    }

    @Test
    void refusesDuplicateKeysInTheDocument() {
        repository.publish();
        String text = new String(repository.file("timestamp.json"), StandardCharsets.UTF_8);
        repository.files.put(
                "timestamp.json",
                text.replace("\"version\":1,\"expires\"", "\"version\":1,\"version\":1,\"expires\"")
                        .getBytes(StandardCharsets.UTF_8));
        assertRefused(Refusal.MALFORMED, "timestamp.json");
    }

    @Test
    void refusesAnotherRolesFile() {
        repository.publish();
        repository.files.put("timestamp.json", repository.file("1.snapshot.json"));
        assertRefused(Refusal.WRONG_TYPE, "timestamp.json");
    }

    @Test
    void acceptsEnoughGoodSignaturesBesideABadOne() {
        FileSigner second = TwoRepositories.newKey();
        repository.keys.put("timestamp", List.of(repository.key("timestamp"), second));
        repository.rotateRoot(repository.keys("root"));
        repository.publish();
        String text = new String(repository.file("timestamp.json"), StandardCharsets.UTF_8);
        int sig = text.indexOf("\"sig\":\"") + 7;
        repository.files.put(
                "timestamp.json",
                (text.substring(0, sig) + "zz" + text.substring(sig)).getBytes(StandardCharsets.UTF_8));
        repository.client().refresh();
    }

    @Test
    void recoversWhenAnExpiredRootIsFollowedByAFreshOne() {
        repository.now = repository.now.plus(Duration.ofDays(800));
        repository.rotateRoot(repository.keys("root"));
        repository.publish();
        repository.client().refresh();
    }

    @Test
    void refusesAnExpiredFinalRoot() {
        repository.publish();
        repository.now = repository.now.plus(Duration.ofDays(800));
        assertRefused(Refusal.EXPIRED, "root.json");
    }

    @Test
    void refusesASnapshotThatForgetsARole() {
        repository.delegate("one", Set.of("one/*"), false, SmallRepository.target("one/a"));
        repository.publish();
        repository.client().refresh();
        repository.roles.clear();
        repository.publish();
        assertRefused(Refusal.ROLLBACK, "snapshot.json");
    }

    @Test
    void refusesTargetsOlderThanBelieved() {
        repository.targetsVersion = 5;
        repository.publish();
        repository.client().refresh();
        repository.targetsVersion = 4;
        repository.publish();
        assertRefused(Refusal.ROLLBACK, "snapshot.json");
    }

    @Test
    void tellsANetworkFailureFromALie() {
        repository.publish();
        repository.networkFails = true;
        assertThrows(
                MetadataUnavailableException.class, () -> repository.client().refresh());
    }

    @Test
    void keepsWhatItBelievedWhenTheNextFileIsRefused() {
        repository.publish();
        repository.client().refresh();
        byte[] before = repository.store.load("timestamp.json").orElseThrow();
        repository.publish();
        repository.files.put("timestamp.json", new byte[] {'{'});
        assertRefused(Refusal.MALFORMED, "timestamp.json");
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                before, repository.store.load("timestamp.json").orElseThrow());
    }

    @Test
    void searchesDelegationsInPreOrder() {
        repository.delegate("first", Set.of("*/*"), false);
        repository.delegate("second", Set.of("*/*"), false, SmallRepository.target("x/y"));
        repository.publish();
        Updater client = repository.client();
        client.refresh();
        repository.asked.clear();
        assertTrue(client.find("x/y").isPresent());
        assertEquals(List.of("1.first.json", "1.second.json"), repository.asked);
    }

    @Test
    void stopsAtATerminatingDelegationThatDoesNotKnowTheTarget() {
        repository.delegate("first", Set.of("x/*"), true);
        repository.delegate("second", Set.of("x/*"), false, SmallRepository.target("x/y"));
        repository.publish();
        Updater client = repository.client();
        client.refresh();
        assertTrue(client.find("x/y").isEmpty());
    }

    @Test
    void ignoresATargetOutsideTheDelegatedPaths() {
        repository.delegate("first", Set.of("one/*"), false, SmallRepository.target("two/x"));
        repository.publish();
        Updater client = repository.client();
        client.refresh();
        assertTrue(client.find("two/x").isEmpty());
    }

    @Test
    void followsADelegationLoopOnlyOnce() {
        FileSigner key = TwoRepositories.newKey();
        repository.delegate("a", Set.of("*"), false);
        repository.roles.put("a", new Named(key, List.of(), List.of(SmallRepository.delegated("b", key, "*"))));
        repository.roles.put("b", new Named(key, List.of(), List.of(SmallRepository.delegated("a", key, "*"))));
        repository.publish(List.of(SmallRepository.delegated("a", key, "*")));
        Updater client = repository.client();
        client.refresh();
        assertTrue(client.find("nowhere").isEmpty());
        assertEquals(
                2,
                repository.asked.stream()
                        .filter(name -> name.endsWith("a.json") || name.endsWith("b.json"))
                        .count());
    }

    @Test
    void stopsAfterTheAllowedNumberOfDelegations() {
        FileSigner key = TwoRepositories.newKey();
        for (int i = 0; i < 40; i++) {
            repository.roles.put(
                    "r" + i, new Named(key, List.of(), List.of(SmallRepository.delegated("r" + (i + 1), key, "*"))));
        }
        repository.roles.put("r40", new Named(key, List.of(SmallRepository.target("deep")), List.of()));
        repository.publish(List.of(SmallRepository.delegated("r0", key, "*")));
        Updater client = repository.client();
        client.refresh();
        assertTrue(client.find("deep").isEmpty());
        assertEquals(
                32,
                repository.asked.stream()
                        .filter(name -> name.contains(".r") && !name.contains("root"))
                        .count());
    }

    @Test
    void verifiesACachedRoleAgainstTheDelegatorThatLeadsToItNow() {
        FileSigner good = TwoRepositories.newKey();
        FileSigner other = TwoRepositories.newKey();
        FileSigner parent = TwoRepositories.newKey();
        repository.roles.put(
                "pa", new Named(parent, List.of(), List.of(SmallRepository.delegated("release", good, "a/*"))));
        repository.roles.put(
                "pb", new Named(parent, List.of(), List.of(SmallRepository.delegated("release", other, "b/*"))));
        repository.roles.put(
                "release",
                new Named(good, List.of(SmallRepository.target("a/x"), SmallRepository.target("b/x")), List.of()));
        repository.publish(List.of(
                SmallRepository.delegated("pa", parent, "a/*"), SmallRepository.delegated("pb", parent, "b/*")));
        Updater client = repository.client();
        client.refresh();
        assertTrue(client.find("a/x").isPresent());
        MetadataRefusedException e = assertThrows(MetadataRefusedException.class, () -> client.find("b/x"));
        assertEquals(Refusal.THRESHOLD, e.refusal());
    }

    @Test
    void findsTargetsInHashedBins() {
        FileSigner key = TwoRepositories.newKey();
        List<DelegatedRole> bins = new ArrayList<>();
        for (int bin = 0; bin < 16; bin++) {
            String prefix = Integer.toHexString(bin);
            bins.add(new DelegatedRole(
                    "bin-" + prefix,
                    new RoleKeys(List.of(key.keyId()), 1),
                    true,
                    new PathSet.HashPrefixes(List.of(prefix))));
            List<TargetFile> mine = Stream.of("one", "two", "three")
                    .filter(name -> Hashes.sha256(name.getBytes(StandardCharsets.UTF_8))
                            .sha256()
                            .orElseThrow()
                            .hex()
                            .startsWith(prefix))
                    .map(SmallRepository::target)
                    .toList();
            repository.roles.put("bin-" + prefix, new Named(key, mine, List.of()));
        }
        repository.publish(
                bins.stream().map(role -> new SmallRepository.Edge(role, key)).toList());
        Updater client = repository.client();
        client.refresh();
        for (String name : List.of("one", "two", "three")) {
            assertTrue(client.find(name).isPresent(), name);
        }
        assertTrue(client.find("four").isEmpty());
    }

    @Test
    void wantsOneSignatureOfEachRequiredScheme() {
        FileSigner classic = TwoRepositories.newKey();
        FileSigner quantum = FileSigner.generate(KeyScheme.ML_DSA_65, new SecureRandom());
        repository.keys.put("targets", List.of(classic, quantum));
        repository.required.put("targets", Set.of(KeyScheme.ED25519, KeyScheme.ML_DSA_65));
        repository.thresholds.put("targets", 2);
        repository.rotateRoot(repository.keys("root"));
        repository.publish();
        repository.client().refresh();
    }

    @Test
    void doesNotCountTwoEd25519SignaturesAsHybrid() {
        FileSigner one = TwoRepositories.newKey();
        FileSigner two = TwoRepositories.newKey();
        FileSigner quantum = FileSigner.generate(KeyScheme.ML_DSA_65, new SecureRandom());
        repository.keys.put("targets", List.of(one, two, quantum));
        repository.required.put("targets", Set.of(KeyScheme.ED25519, KeyScheme.ML_DSA_65));
        repository.thresholds.put("targets", 2);
        repository.rotateRoot(repository.keys("root"));
        repository.keys.put("targets", List.of(one, two));
        repository.publish();
        MetadataRefusedException e = assertRefused(Refusal.THRESHOLD, "targets.json");
        assertTrue(e.detail().contains("ML_DSA_65"), e.detail());
    }

    @Test
    void refusesARoleThatRequiresASchemeThisClientDoesNotKnow() {
        repository.publish();
        String text = new String(repository.file("1.root.json"), StandardCharsets.UTF_8);
        String odd =
                text.replace("\"threshold\":1}", "\"threshold\":1,\"x-bulkhead-required-schemes\":[\"future-sig\"]}");
        MetadataRefusedException e = assertThrows(
                MetadataRefusedException.class,
                () -> new TrustedMetadata(odd.getBytes(StandardCharsets.UTF_8), repository.now));
        assertTrue(e.detail().contains("future-sig"), e.detail());
    }

    @Test
    void refusesADelegationToATopLevelRole() {
        FileSigner key = TwoRepositories.newKey();
        assertThrows(IllegalArgumentException.class, () -> SmallRepository.delegated("root", key, "*"));
    }

    @Test
    void saysWhichFileTheStoreLacks() {
        MetadataUnavailableException e = assertThrows(
                MetadataUnavailableException.class,
                () -> new Updater(
                        (name, max) -> Optional.empty(), new MemoryMetadataStore(), repository, MetadataLimits.USUAL));
        assertEquals("root.json", e.file());
    }

    private MetadataRefusedException assertRefused(Refusal refusal, String file) {
        MetadataRefusedException e = assertThrows(
                MetadataRefusedException.class, () -> repository.client().refresh());
        assertEquals(refusal, e.refusal(), e.getMessage());
        assertEquals(file, e.file(), e.getMessage());
        return e;
    }
}
