package dev.bulkhead.contract.capability;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Messages beyond the vehicle; topics are relative to the app's own prefix.
 *
 * @param ratePerSecond messages per second over the whole filter
 */
public record Cloud(TopicFilter topics, Flow flow, OptionalDouble ratePerSecond) implements Capability {
    public Cloud {
        Limits.rate(ratePerSecond);
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        if (!(authority instanceof Cloud other) || flow != other.flow) {
            return List.of();
        }
        OptionalDouble rate = Limits.lower(ratePerSecond, other.ratePerSecond);
        return topics.intersect(other.topics).stream()
                .<Capability>map(common -> new Cloud(common, flow, rate))
                .toList();
    }

    @Override
    public String toString() {
        return "cloud " + topics + " " + flow + Limits.rateText(ratePerSecond, "/s");
    }
}
