package dev.bulkhead.cli.app;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.ContractException;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.Digest;
import dev.bulkhead.contract.pack.PackageLimits;
import dev.bulkhead.contract.pack.PackageWriter;
import dev.bulkhead.contract.supply.BillOfMaterials;
import dev.bulkhead.contract.supply.Provenance;
import dev.bulkhead.contract.supply.Supply;
import dev.bulkhead.contract.supply.SupplyFacts;
import dev.bulkhead.contract.supply.SupplyParser;
import dev.bulkhead.contract.supply.SupplyView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder as a vendor has it, to be packed: manifest, module, and what the developer declares of their making.
 *
 * @param folder where they lie
 * @param manifestName within the folder
 * @param supply the declaration; empty = the one that belongs to the manifest, if there is one
 */
record AppFolder(Path folder, String manifestName, Optional<Path> supply) {
    /** Version of the program that packs, as {@code bulkhead --version} says it. */
    static final String PACKER = "0.1.0";

    private static final long MOST_SOURCE_BYTES = 256L << 20;

    AppFolder(Path folder, String manifestName) {
        this(folder, manifestName, Optional.empty());
    }

    Path manifestPath() {
        return folder.resolve(manifestName);
    }

    /**
     * The unsigned package.
     *
     * @param assets a folder or an archive; empty = the folder {@code assets}, if it is there and the manifest asks for {@code wasi assets}
     * @param sbom a bill of materials made elsewhere, in the place of the one that is made here
     */
    AppPackage assemble(Optional<Path> assets, Optional<byte[]> sbom) {
        byte[] toml = PackageFile.bytes(manifestPath(), PackageLimits.STANDARD.manifestBytes());
        try {
            Manifest manifest = ManifestParser.parse(toml, manifestPath().toString());
            byte[] module =
                    PackageFile.bytes(folder.resolve(manifest.app().module()), PackageLimits.STANDARD.moduleBytes());
            Supply declared = declared();
            SupplyFacts facts = SupplyFacts.of(manifest, toml, module, declared, sources(declared), PACKER);
            sbom.ifPresent(SupplyView::bom);
            AppPackage app = PackageWriter.assemble(
                    toml,
                    module,
                    assets(manifest, assets),
                    Optional.of(sbom.orElseGet(() -> BillOfMaterials.write(facts))),
                    Optional.of(Provenance.write(facts)));
            AssetArchive.check(app, manifest);
            return app;
        } catch (ContractException e) {
            throw CommandFailure.refused(e.getMessage(), "docs/package.md describes every key");
        }
    }

    private Optional<byte[]> assets(Manifest manifest, Optional<Path> named) {
        boolean asked = manifest.capabilities().stream()
                .map(CapabilityRequest::grant)
                .anyMatch(line -> !line.deny() && line.capability().equals(new Wasi(Wasi.Part.ASSETS)));
        if (named.isPresent() && !asked) {
            throw CommandFailure.refused(
                    manifestPath() + " does not ask for the assets, so the app could not read them",
                    "add a [[capability]] with grant = \"wasi assets\"");
        }
        return named.or(() -> Optional.of(folder.resolve("assets")).filter(each -> asked && Files.isDirectory(each)))
                .map(path -> new AssetSource(path).packed());
    }

    private Supply declared() {
        Path file = supply.orElseGet(() -> folder.resolve(supplyName()));
        if (supply.isEmpty() && !Files.exists(file)) {
            return Supply.NOTHING;
        }
        return SupplyParser.parse(PackageFile.bytes(file, PackageLimits.STANDARD.manifestBytes()), file.toString());
    }

    /** {@code supply.toml} belongs to {@code app.toml}, {@code supply-v2.toml} to {@code app-v2.toml}. */
    private String supplyName() {
        return manifestName.startsWith("app") ? "supply" + manifestName.substring("app".length()) : SupplyParser.FILE;
    }

    private SortedMap<String, Digest> sources(Supply declared) {
        SortedMap<String, Digest> sources = new TreeMap<>();
        for (String name : declared.sources()) {
            sources.put(name, Digest.of(PackageFile.bytes(folder.resolve(name), MOST_SOURCE_BYTES)));
        }
        return sources;
    }
}
