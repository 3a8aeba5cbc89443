package dev.bulkhead.server.campaign;

import java.util.Map;

/** Which vehicles of a rollout stand in one of its groups. A vehicle stands in the first group that takes it. */
public sealed interface RolloutGroup {
    /**
     * A share of all vehicles of the rollout, chosen by chance but the same each time it is computed.
     *
     * @param percent 1 to 100, rounded up to whole vehicles
     */
    record Share(int percent) implements RolloutGroup {
        public Share {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("a group's share is " + percent + " %, allowed are 1 to 100");
            }
        }
    }

    /** All vehicles that say these attributes of themselves; empty takes all that are left. */
    record Matching(Map<String, String> attributes) implements RolloutGroup {
        public Matching {
            attributes = Map.copyOf(attributes);
        }
    }
}
