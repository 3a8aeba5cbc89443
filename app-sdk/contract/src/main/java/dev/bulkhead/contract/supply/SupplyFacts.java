package dev.bulkhead.contract.supply;

import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.pack.Digest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that the two documents are written from.
 *
 * @param manifest of the app
 * @param manifestDigest of the bytes of {@code app.toml}
 * @param moduleDigest of the module's bytes
 * @param producers what the module says of its making
 * @param supply what the developer says
 * @param sources each declared source and the digest it had when the package was made
 * @param packer version of the program that makes the package
 */
public record SupplyFacts(
        Manifest manifest,
        Digest manifestDigest,
        Digest moduleDigest,
        List<Producers.Producer> producers,
        Supply supply,
        SortedMap<String, Digest> sources,
        String packer) {
    public SupplyFacts {
        producers = List.copyOf(producers);
        sources = new TreeMap<>(sources);
    }

    /**
     * Collects the facts.
     *
     * @throws SupplyException when the module is damaged
     */
    public static SupplyFacts of(
            Manifest manifest,
            byte[] manifestToml,
            byte[] module,
            Supply supply,
            SortedMap<String, Digest> sources,
            String packer) {
        return new SupplyFacts(
                manifest, Digest.of(manifestToml), Digest.of(module), Producers.of(module), supply, sources, packer);
    }
}
