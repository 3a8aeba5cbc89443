package dev.bulkhead.agent.ota;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How this vehicle behaves towards its fleet.
 *
 * @param vehicleId as in the client certificate's CN
 * @param agentVersion of this software, for the fleet's overview
 * @param attributes what campaigns filter on: model, region, …; at most 64
 * @param checkEvery how often to ask when nothing woke the vehicle; jittered by a tenth
 * @param sayEvery how often health and a changed audit head are sent
 * @param answerWithin how long to wait for the bundle before asking again
 * @param limits of each pull
 */
public record OtaSettings(
        String vehicleId,
        String agentVersion,
        Map<String, String> attributes,
        Duration checkEvery,
        Duration sayEvery,
        Duration answerWithin,
        PullLimits limits) {
    private static final int MOST_ATTRIBUTES = 64;

    public OtaSettings {
        Objects.requireNonNull(vehicleId, "vehicleId");
        Objects.requireNonNull(agentVersion, "agentVersion");
        Objects.requireNonNull(limits, "limits");
        attributes = Map.copyOf(attributes);
        if (attributes.size() > MOST_ATTRIBUTES) {
            throw new IllegalArgumentException(attributes.size() + " attributes, limit " + MOST_ATTRIBUTES);
        }
        requirePositive("checkEvery", checkEvery);
        requirePositive("sayEvery", sayEvery);
        requirePositive("answerWithin", answerWithin);
    }

    /** A check every hour, a sign of life every minute, 20 s for an answer, standard limits. */
    public static OtaSettings standard(String vehicleId, String agentVersion, Map<String, String> attributes) {
        return new OtaSettings(
                vehicleId,
                agentVersion,
                attributes,
                Duration.ofHours(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(20),
                PullLimits.STANDARD);
    }

    /** The same with other limits of a pull. */
    public OtaSettings withLimits(PullLimits other) {
        return new OtaSettings(vehicleId, agentVersion, attributes, checkEvery, sayEvery, answerWithin, other);
    }

    /** The same with another wait for answers. */
    public OtaSettings withAnswerWithin(Duration other) {
        return new OtaSettings(vehicleId, agentVersion, attributes, checkEvery, sayEvery, other, limits);
    }

    private static void requirePositive(String what, Duration duration) {
        if (duration.toNanos() <= 0) {
            throw new IllegalArgumentException(what + " must be longer than nothing, not " + duration);
        }
    }
}
