package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.VerificationKey;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keys and thresholds as root and delegations write them. */
final class KeyFields {
    private static final int MAX_KEYS_OF_ROLE = 256;

    private KeyFields() {}

    /** Keys of a kind unknown here are skipped: their signatures cannot count. */
    static Map<String, VerificationKey> keys(MetadataFields fields) {
        Map<String, VerificationKey> keys = new HashMap<>();
        MetadataFields all = fields.object("keys");
        for (String keyId : all.json().members().keySet()) {
            MetadataFields key = all.object(keyId);
            String text = key.object("keyval").text("public");
            KeyScheme.find(key.text("keytype"), key.text("scheme"))
                    .ifPresent(scheme -> keys.put(keyId, new VerificationKey(scheme, text)));
        }
        return keys;
    }

    static RoleKeys roleKeys(MetadataFields role) {
        long threshold = role.positive("threshold");
        var keyIds = role.texts("keyids");
        if (threshold > Integer.MAX_VALUE || keyIds.size() > MAX_KEYS_OF_ROLE) {
            throw role.wrong("threshold", "or keyids beyond what a role may have");
        }
        return new RoleKeys(keyIds, (int) threshold, requiredSchemes(role));
    }

    private static Set<KeyScheme> requiredSchemes(MetadataFields role) {
        Set<KeyScheme> schemes = EnumSet.noneOf(KeyScheme.class);
        if (!role.has(RoleKeys.REQUIRED_SCHEMES)) {
            return schemes;
        }
        for (String name : role.texts(RoleKeys.REQUIRED_SCHEMES)) {
            // a scheme this client does not know cannot be checked, so the role cannot be believed
            schemes.add(byName(name).orElseThrow(() -> role.wrong(RoleKeys.REQUIRED_SCHEMES, "names unknown " + name)));
        }
        return schemes;
    }

    private static Optional<KeyScheme> byName(String schemeName) {
        for (KeyScheme scheme : KeyScheme.values()) {
            if (scheme.schemeName().equals(schemeName)) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }

    static Json.Obj toJson(Map<String, VerificationKey> keys) {
        Json.Obj out = Json.object();
        for (Map.Entry<String, VerificationKey> key : keys.entrySet()) {
            out = out.with(key.getKey(), key.getValue().toJson());
        }
        return out;
    }

    static Json.Obj addTo(Json.Obj role, RoleKeys keys) {
        Json.Obj out = role.with("keyids", Json.strings(keys.keyIds())).with("threshold", Json.of(keys.threshold()));
        if (keys.requiredSchemes().isEmpty()) {
            return out;
        }
        var names = keys.requiredSchemes().stream()
                .map(KeyScheme::schemeName)
                .sorted()
                .toList();
        return out.with(RoleKeys.REQUIRED_SCHEMES, Json.strings(names));
    }
}
