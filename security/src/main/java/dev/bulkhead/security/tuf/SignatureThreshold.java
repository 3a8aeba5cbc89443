package dev.bulkhead.security.tuf;

import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.security.keys.VerificationKey;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Counts who signed. */
final class SignatureThreshold {
    private SignatureThreshold() {}

    /**
     * Demands that enough different keys of the role signed, and one of each required scheme.
     *
     * @throws MetadataRefusedException when they did not
     */
    static void check(String file, SignedMetadata<?> metadata, RoleKeys role, Map<String, VerificationKey> keys) {
        Set<VerificationKey> valid = new HashSet<>();
        Set<KeyScheme> schemes = EnumSet.noneOf(KeyScheme.class);
        byte[] signed = metadata.signedBytes().toArray();
        for (SignedMetadata.Signature signature : metadata.signatures()) {
            VerificationKey key = keys.get(signature.keyId());
            if (key != null
                    && role.keyIds().contains(signature.keyId())
                    && key.verify(signed, signature.value().toArray())) {
                // the same key under two ids counts once
                valid.add(key);
                schemes.add(key.scheme());
            }
        }
        if (valid.size() < role.threshold()) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.THRESHOLD,
                    valid.size() + " valid signatures of keys its role names, wants " + role.threshold());
        }
        if (!schemes.containsAll(role.requiredSchemes())) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.THRESHOLD,
                    "valid signatures by " + schemes + ", its role requires each of " + role.requiredSchemes());
        }
    }
}
