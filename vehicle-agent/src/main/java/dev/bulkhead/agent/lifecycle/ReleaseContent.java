package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.contract.pack.AssetArchive;
import dev.bulkhead.contract.pack.PackageReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A package taken apart: what an instance is made of. The module's bytes are not to be changed. */
@SuppressWarnings("ArrayRecordComponent")
public record ReleaseContent(
        Manifest manifest, String manifestText, byte[] module, String moduleDigest, ReleaseAssets assets) {
    /**
     * Reads a package file.
     *
     * @throws dev.bulkhead.contract.ContractException naming what is wrong with package or manifest
     */
    public static ReleaseContent of(byte[] sdvapp) {
        return of(sdvapp, AssetArchive::unpack);
    }

    static ReleaseContent of(byte[] sdvapp, AssetUnpacking unpacking) {
        return of(PackageReader.read(sdvapp), unpacking);
    }

    static ReleaseContent of(AppPackage app) {
        return of(app, AssetArchive::unpack);
    }

    private static ReleaseContent of(AppPackage app, AssetUnpacking unpacking) {
        byte[] toml = app.manifest().bytes();
        return new ReleaseContent(
                ManifestParser.parse(toml, "app.toml"),
                new String(toml, StandardCharsets.UTF_8),
                app.module().bytes(),
                app.module().digest().hex(),
                new ReleaseAssets(app.assets(), unpacking));
    }

    /** The manifest's capability lines, denials included. */
    public List<CapabilityLine> lines() {
        return manifest.capabilities().stream().map(CapabilityRequest::grant).toList();
    }

    /** What the manifest asks for. */
    public List<Capability> requested() {
        return lines().stream()
                .filter(line -> !line.deny())
                .map(CapabilityLine::capability)
                .toList();
    }

    /** The rules for keeping it alive. */
    public Upkeep upkeep() {
        return new Upkeep(
                switch (manifest.restart().policy()) {
                    case ALWAYS -> Upkeep.RestartPolicy.ALWAYS;
                    case ON_FAILURE -> Upkeep.RestartPolicy.ON_FAILURE;
                    case NEVER -> Upkeep.RestartPolicy.NEVER;
                },
                manifest.restart().max(),
                manifest.restart().window().toNanos(),
                switch (manifest.update().swap()) {
                    case HANDOVER -> Upkeep.SwapMode.HANDOVER;
                    case RESTART -> Upkeep.SwapMode.RESTART;
                },
                manifest.update().probation().toNanos(),
                manifest.update().when().map(Object::toString).orElse(""),
                manifest.update().shadow().toNanos(),
                manifest.dependencies());
    }
}
