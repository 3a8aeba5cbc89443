package dev.bulkhead.server.repository;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.tuf.Hashes;
import dev.bulkhead.security.tuf.TargetCustom;
import dev.bulkhead.security.tuf.TargetFile;
import dev.bulkhead.server.store.ReleaseRow;
import java.util.Map;
import java.util.Optional;

/** What both repositories sign about a release; the same words from the same facts, whoever signs. */
public final class ReleaseTargets {
    private ReleaseTargets() {}

    /** The target of a release. */
    public static TargetFile of(ReleaseRow release) {
        TargetCustom custom = new TargetCustom(
                release.appId(),
                release.version(),
                release.counter(),
                release.hardwareId(),
                release.blockSize(),
                Bytes.ofHex(release.blocksRoot()),
                Bytes.ofHex(release.packageDigest()));
        return new TargetFile(
                release.targetPath(),
                release.length(),
                new Hashes(Map.of("sha256", Bytes.ofHex(release.sha256()))),
                Optional.of(custom.toJson()));
    }
}
