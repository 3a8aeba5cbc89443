package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which targets the director wants to be taken over as one. What is said wrongly is refused, never taken apart. */
final class Ensembles {
    private static final int LONGEST_ID = 128;

    private Ensembles() {}

    /** What the director calls the ensemble of this target; vendors, who sign the image's, have no say in it. */
    static Optional<String> named(String file, TargetFile wanted, TargetFile existing) {
        Optional<Json> said = DirectorCustom.ensemble(wanted);
        Optional<Json> claimed = DirectorCustom.ensemble(existing);
        if (claimed.isPresent() && !claimed.equals(said)) {
            throw new MetadataRefusedException(
                    file,
                    Refusal.DISAGREEMENT,
                    wanted.path() + ": the image repository names an " + ApprovedTarget.ENSEMBLE_ID
                            + " that the director does not");
        }
        return said.map(json -> text(file, wanted, json));
    }

    private static String text(String file, TargetFile target, Json json) {
        if (json instanceof Json.Str string
                && !string.value().isEmpty()
                && string.value().length() <= LONGEST_ID) {
            return string.value();
        }
        throw malformed(
                file,
                target.path() + ": " + ApprovedTarget.ENSEMBLE_ID + " wants a text of 1 to " + LONGEST_ID
                        + " characters");
    }

    /** All of an ensemble are there, and not too many. */
    static void check(String file, List<ApprovedTarget> targets) {
        Map<String, List<ApprovedTarget>> ensembles = targets.stream()
                .filter(target -> target.ensemble().isPresent())
                .collect(Collectors.groupingBy(target -> target.ensemble().orElseThrow()));
        ensembles.forEach((name, members) -> {
            if (members.size() < 2) {
                throw malformed(
                        file,
                        members.getFirst().path() + ": the only one of ensemble " + name + "; the others are missing");
            }
            if (members.size() > ApprovedTarget.MOST_TOGETHER) {
                throw malformed(
                        file,
                        "ensemble " + name + " has " + members.size() + " targets, limit "
                                + ApprovedTarget.MOST_TOGETHER);
            }
        });
    }

    private static MetadataRefusedException malformed(String file, String what) {
        return new MetadataRefusedException(file, Refusal.MALFORMED, what);
    }
}
