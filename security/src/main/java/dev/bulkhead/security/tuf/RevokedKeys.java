package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Vendor keys the OEM has withdrawn, in {@code custom.bulkhead.revokedKeys} of the image targets.
 *
 * @param keyIds TUF key ids
 */
record RevokedKeys(Set<String> keyIds) {
    private static final String MEMBER = "revokedKeys";

    RevokedKeys {
        keyIds = Set.copyOf(keyIds);
    }

    static RevokedKeys none() {
        return new RevokedKeys(Set.of());
    }

    static RevokedKeys of(Targets targets) {
        return targets.custom()
                .flatMap(custom -> custom.find(DirectorCustom.MEMBER))
                .flatMap(ours -> ours instanceof Json.Obj object ? object.find(MEMBER) : Optional.empty())
                .map(RevokedKeys::read)
                .orElse(none());
    }

    RevokedKeys and(Collection<String> more) {
        Set<String> all = new TreeSet<>(keyIds);
        all.addAll(more);
        return new RevokedKeys(all);
    }

    Optional<Json.Obj> toCustom() {
        return keyIds.isEmpty()
                ? Optional.empty()
                : Optional.of(Json.object()
                        .with(DirectorCustom.MEMBER, Json.object().with(MEMBER, Json.strings(new TreeSet<>(keyIds)))));
    }

    private static RevokedKeys read(Json json) {
        if (!(json instanceof Json.Arr array)) {
            return none();
        }
        return new RevokedKeys(array.items().stream()
                .filter(Json.Str.class::isInstance)
                .map(item -> ((Json.Str) item).value())
                .collect(Collectors.toSet()));
    }
}
