package dev.bulkhead.agent.ota;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The topic names of one vehicle (ota.md, Transport). Names are single topic levels: letters, digits, {@code . _ -}, at most
 * 64 characters, so that a vehicle id can never reach into another vehicle's topics.
 */
public record Topics(String fleet, String vehicleId) {
    private static final Pattern LEVEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public Topics {
        requireLevel("fleet", fleet);
        requireLevel("vehicle id", vehicleId);
    }

    private static void requireLevel(String what, String name) {
        if (!LEVEL.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " '" + name + "' is not one topic level: letters, digits, '.', '_', '-', at most 64");
        }
    }

    public String up(Up up) {
        return vehicle() + "/up/" + up.level();
    }

    public String dn(Dn dn) {
        return switch (dn) {
            case WAKE, DIRECTOR, BLOCK, COMMAND -> vehicle() + "/dn/" + dn.level();
            case IMAGE_TIMESTAMP -> "sdv/1/" + fleet + "/repo/image/timestamp";
        };
    }

    /** What to subscribe to: everything addressed to this vehicle, and the shared topics. */
    public List<String> subscriptions() {
        return List.of(vehicle() + "/dn/+", dn(Dn.IMAGE_TIMESTAMP));
    }

    /** Which message a topic carries; empty for a topic this vehicle does not know. */
    public Optional<Dn> parse(String topic) {
        for (Dn dn : Dn.values()) {
            if (dn(dn).equals(topic)) {
                return Optional.of(dn);
            }
        }
        return Optional.empty();
    }

    private String vehicle() {
        return "sdv/1/" + fleet + "/v/" + vehicleId;
    }
}
