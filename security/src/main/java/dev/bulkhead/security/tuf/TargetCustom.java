package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What both repositories sign about an app package besides length and hashes; the {@code bulkhead} member of a target's
 * {@code custom}.
 *
 * @param appId whose slot (ECU) it is for
 * @param version SemVer text
 * @param release counter, at least 1
 * @param hardwareId what it runs on
 * @param blockSize bytes of one block, 1 KiB to 4 MiB
 * @param blocksRoot RFC 6962 Merkle root over the blocks, 32 bytes
 * @param packageDigest SHA-256 of the OCI image manifest inside, which the vendor signed
 */
public record TargetCustom(
        String appId,
        String version,
        long release,
        String hardwareId,
        int blockSize,
        Bytes blocksRoot,
        Bytes packageDigest) {
    private static final String MEMBER = "bulkhead";
    private static final int MIN_BLOCK = 1 << 10;
    private static final int MAX_BLOCK = 4 << 20;

    public TargetCustom {
        if (release < 1) {
            throw new IllegalArgumentException("release " + release + ", wants at least 1");
        }
        if (blockSize < MIN_BLOCK || blockSize > MAX_BLOCK) {
            throw new IllegalArgumentException("block size " + blockSize + ", wants " + MIN_BLOCK + " to " + MAX_BLOCK);
        }
        if (blocksRoot.size() != 32 || packageDigest.size() != 32) {
            throw new IllegalArgumentException("blocksRoot and packageDigest want 32 bytes");
        }
    }

    /** The {@code custom} object. */
    public Json.Obj toJson() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("appId", Json.of(appId));
        members.put("version", Json.of(version));
        members.put("release", Json.of(release));
        members.put("hardwareId", Json.of(hardwareId));
        members.put("blockSize", Json.of(blockSize));
        members.put("blocksRoot", Json.of(blocksRoot.hex()));
        members.put("packageDigest", Json.of(packageDigest.hex()));
        return Json.object().with(MEMBER, new Json.Obj(members));
    }

    /**
     * Reads it back.
     *
     * @return empty when the target says nothing of ours
     * @throws MetadataRefusedException when it says something malformed
     */
    public static Optional<TargetCustom> of(String file, TargetFile target) {
        return target.custom().flatMap(custom -> custom.find(MEMBER)).map(json -> read(file, target.path(), json));
    }

    private static TargetCustom read(String file, String path, Json json) {
        try {
            MetadataFields fields = MetadataFields.of(json, path + ".custom." + MEMBER);
            return new TargetCustom(
                    fields.text("appId"),
                    fields.text("version"),
                    fields.positive("release"),
                    fields.text("hardwareId"),
                    Math.toIntExact(fields.positive("blockSize")),
                    Bytes.ofHex(fields.text("blocksRoot")),
                    Bytes.ofHex(fields.text("packageDigest")));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MetadataRefusedException(file, Refusal.MALFORMED, String.valueOf(e.getMessage()));
        }
    }
}
