package dev.bulkhead.contract.capability;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Messages between apps of one vehicle.
 *
 * @param ratePerSecond messages per second over the whole filter
 */
public record Message(TopicFilter topics, Flow flow, OptionalDouble ratePerSecond) implements Capability {
    public Message {
        Limits.rate(ratePerSecond);
    }

    @Override
    public List<Capability> intersect(Capability authority) {
        if (!(authority instanceof Message other) || flow != other.flow) {
            return List.of();
        }
        OptionalDouble rate = Limits.lower(ratePerSecond, other.ratePerSecond);
        return topics.intersect(other.topics).stream()
                .<Capability>map(common -> new Message(common, flow, rate))
                .toList();
    }

    @Override
    public String toString() {
        return "message " + topics + " " + flow + Limits.rateText(ratePerSecond, "/s");
    }
}
