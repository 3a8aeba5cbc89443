package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;
import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.json.JsonException;
import dev.bulkhead.security.keys.KeyException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Bytes of a metadata file to records (TUF 1.0 section 4). Strict in what it uses; keeps quiet about what it skips. */
public final class MetadataReader {
    private static final int MAX_SIGNATURES = 256;

    private MetadataReader() {}

    /**
     * Decodes one file.
     *
     * @param file its name, for messages
     * @param type the record the file must hold
     * @throws MetadataRefusedException when it is malformed or of another type
     */
    public static <T extends RoleMetadata> SignedMetadata<T> read(String file, byte[] content, Class<T> type) {
        try {
            MetadataFields outer = MetadataFields.of(Json.parse(content), "metadata");
            MetadataFields signed = outer.object("signed");
            RoleMetadata role = role(signed);
            if (!type.isInstance(role)) {
                throw new MetadataRefusedException(file, Refusal.WRONG_TYPE, "holds " + role.type() + " metadata");
            }
            Bytes canonical = Bytes.copyOf(signed.json().canonical());
            return new SignedMetadata<>(type.cast(role), canonical, signatures(outer));
        } catch (JsonException | KeyException | IllegalArgumentException e) {
            throw new MetadataRefusedException(file, Refusal.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static RoleMetadata role(MetadataFields signed) {
        checkSpecVersion(signed);
        return switch (signed.text("_type")) {
            case RoleNames.ROOT -> root(signed);
            case RoleNames.TIMESTAMP -> timestamp(signed);
            case RoleNames.SNAPSHOT -> snapshot(signed);
            case RoleNames.TARGETS -> targets(signed);
            default -> throw signed.wrong("_type", "is \"" + signed.text("_type") + "\"");
        };
    }

    private static void checkSpecVersion(MetadataFields signed) {
        String version = signed.text("spec_version");
        if (!version.matches("1(\\.[0-9]{1,9}){1,2}")) {
            throw signed.wrong("spec_version", "is " + version + ", wants 1.x");
        }
    }

    private static List<SignedMetadata.Signature> signatures(MetadataFields outer) {
        List<Json> items = outer.items("signatures");
        if (items.size() > MAX_SIGNATURES) {
            throw outer.wrong("signatures", "has " + items.size() + " entries, limit " + MAX_SIGNATURES);
        }
        Set<String> seen = new HashSet<>();
        List<SignedMetadata.Signature> signatures = new ArrayList<>();
        for (Json item : items) {
            MetadataFields fields = MetadataFields.of(item, "metadata.signatures");
            String keyId = fields.text("keyid");
            if (!seen.add(keyId)) {
                throw outer.wrong("signatures", "has key id " + keyId + " twice");
            }
            signatures.add(new SignedMetadata.Signature(keyId, signature(fields.text("sig"))));
        }
        return signatures;
    }

    /** One unreadable signature among good ones does no harm: it counts as one that does not hold. */
    private static Bytes signature(String hex) {
        try {
            return Bytes.ofHex(hex);
        } catch (IllegalArgumentException e) {
            return Bytes.copyOf(new byte[0]);
        }
    }

    private static Root root(MetadataFields signed) {
        Map<String, RoleKeys> roles = new HashMap<>();
        MetadataFields all = signed.object("roles");
        for (String name : all.json().members().keySet()) {
            roles.put(name, KeyFields.roleKeys(all.object(name)));
        }
        return new Root(
                signed.positive("version"),
                signed.instant("expires"),
                signed.flag("consistent_snapshot", false),
                KeyFields.keys(signed),
                roles,
                signed.optionalObject(OemTrust.MEMBER).map(OemTrust::read));
    }

    private static Timestamp timestamp(MetadataFields signed) {
        MetadataFields meta = signed.object("meta");
        return new Timestamp(
                signed.positive("version"), signed.instant("expires"), fileMeta(meta.object("snapshot.json")));
    }

    private static Snapshot snapshot(MetadataFields signed) {
        Map<String, FileMeta> meta = new HashMap<>();
        MetadataFields all = signed.object("meta");
        for (String name : all.json().members().keySet()) {
            meta.put(name, fileMeta(all.object(name)));
        }
        return new Snapshot(signed.positive("version"), signed.instant("expires"), meta);
    }

    private static FileMeta fileMeta(MetadataFields fields) {
        OptionalLong length = fields.has("length") ? OptionalLong.of(fields.positive("length")) : OptionalLong.empty();
        return new FileMeta(fields.positive("version"), length, fields.has("hashes") ? hashes(fields) : Hashes.none());
    }

    private static Hashes hashes(MetadataFields fields) {
        Map<String, Bytes> hashes = new LinkedHashMap<>();
        MetadataFields all = fields.object("hashes");
        for (String algorithm : all.json().members().keySet()) {
            hashes.put(algorithm, Bytes.ofHex(all.text(algorithm)));
        }
        if (hashes.isEmpty()) {
            throw fields.wrong("hashes", "is empty");
        }
        return new Hashes(hashes);
    }

    private static Targets targets(MetadataFields signed) {
        Map<String, TargetFile> targets = new HashMap<>();
        MetadataFields all = signed.object("targets");
        for (String path : all.json().members().keySet()) {
            targets.put(path, target(path, all.object(path)));
        }
        return new Targets(
                signed.positive("version"),
                signed.instant("expires"),
                targets,
                signed.optionalObject("delegations").map(MetadataReader::delegations),
                signed.optionalObject("custom").map(MetadataFields::json));
    }

    private static TargetFile target(String path, MetadataFields fields) {
        return new TargetFile(
                path,
                fields.number("length"),
                hashes(fields),
                fields.optionalObject("custom").map(MetadataFields::json));
    }

    private static Delegations delegations(MetadataFields fields) {
        if (fields.has("succinct_roles")) {
            return new Delegations(KeyFields.keys(fields), SuccinctBins.roles(fields));
        }
        List<DelegatedRole> roles = new ArrayList<>();
        for (Json item : fields.items("roles")) {
            roles.add(delegatedRole(MetadataFields.of(item, fields.path("roles"))));
        }
        return new Delegations(KeyFields.keys(fields), roles);
    }

    private static DelegatedRole delegatedRole(MetadataFields role) {
        boolean hasPaths = role.has("paths");
        if (hasPaths == role.has("path_hash_prefixes")) {
            throw role.wrong("paths", "or path_hash_prefixes: wants exactly one of them");
        }
        PathSet paths = hasPaths
                ? new PathSet.Patterns(role.texts("paths"))
                : new PathSet.HashPrefixes(role.texts("path_hash_prefixes"));
        return new DelegatedRole(role.text("name"), KeyFields.roleKeys(role), role.flag("terminating", false), paths);
    }
}
