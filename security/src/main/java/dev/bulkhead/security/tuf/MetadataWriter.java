package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records to the JSON that gets signed (TUF 1.0 section 4). */
final class MetadataWriter {
    private MetadataWriter() {}

    static Json.Obj root(Root root) {
        Json.Obj roles = Json.object();
        for (Map.Entry<String, RoleKeys> role : new TreeMap<>(root.roles()).entrySet()) {
            roles = roles.with(role.getKey(), KeyFields.addTo(Json.object(), role.getValue()));
        }
        Json.Obj out = head(root)
                .with("consistent_snapshot", Json.of(root.consistentSnapshot()))
                .with("keys", KeyFields.toJson(new TreeMap<>(root.keys())))
                .with("roles", roles);
        return root.oem().isPresent()
                ? out.with(OemTrust.MEMBER, root.oem().get().toJson())
                : out;
    }

    static Json.Obj timestamp(Timestamp timestamp) {
        return head(timestamp).with("meta", Json.object().with("snapshot.json", fileMeta(timestamp.snapshot())));
    }

    static Json.Obj snapshot(Snapshot snapshot) {
        Map<String, Json> meta = new TreeMap<>();
        snapshot.meta().forEach((name, file) -> meta.put(name, fileMeta(file)));
        return head(snapshot).with("meta", new Json.Obj(meta));
    }

    static Json.Obj targets(Targets targets) {
        Map<String, Json> files = new TreeMap<>();
        targets.targets().forEach((path, file) -> files.put(path, target(file)));
        Json.Obj out = head(targets).with("targets", new Json.Obj(files));
        if (targets.delegations().isPresent()) {
            out = out.with("delegations", delegations(targets.delegations().get()));
        }
        return targets.custom().isPresent()
                ? out.with("custom", targets.custom().get())
                : out;
    }

    private static Json.Obj head(RoleMetadata role) {
        return Json.object()
                .with("_type", Json.of(role.type()))
                .with("spec_version", Json.of(RoleMetadata.SPEC_VERSION))
                .with("version", Json.of(role.version()))
                .with("expires", Json.of(role.expires().toString()));
    }

    private static Json.Obj fileMeta(FileMeta meta) {
        Json.Obj out = Json.object().with("version", Json.of(meta.version()));
        if (meta.length().isPresent()) {
            out = out.with("length", Json.of(meta.length().getAsLong()));
        }
        return meta.hashes().byAlgorithm().isEmpty() ? out : out.with("hashes", hashes(meta.hashes()));
    }

    private static Json.Obj target(TargetFile target) {
        Json.Obj out = Json.object().with("length", Json.of(target.length())).with("hashes", hashes(target.hashes()));
        return target.custom().isPresent() ? out.with("custom", target.custom().get()) : out;
    }

    private static Json.Obj hashes(Hashes hashes) {
        Json.Obj out = Json.object();
        for (var hash : hashes.byAlgorithm().entrySet()) {
            out = out.with(hash.getKey(), Json.of(hash.getValue().hex()));
        }
        return out;
    }

    private static Json.Obj delegations(Delegations delegations) {
        List<Json> roles = new ArrayList<>();
        for (DelegatedRole role : delegations.roles()) {
            Json.Obj out =
                    Json.object().with("name", Json.of(role.name())).with("terminating", Json.of(role.terminating()));
            out = switch (role.paths()) {
                case PathSet.Patterns patterns -> out.with("paths", Json.strings(patterns.patterns()));
                case PathSet.HashPrefixes prefixes -> out.with("path_hash_prefixes", Json.strings(prefixes.prefixes()));
            };
            roles.add(KeyFields.addTo(out, role.keys()));
        }
        return Json.object()
                .with("keys", KeyFields.toJson(new TreeMap<>(delegations.keys())))
                .with("roles", new Json.Arr(roles));
    }
}
