package dev.bulkhead.server.broker;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The topics of one fleet and who may use them. Pure; the broker only asks.
 *
 * <pre>
 * sdv/1/{fleet}/v/{vehicle}/up/{kind}     the vehicle publishes
 * sdv/1/{fleet}/v/{vehicle}/dn/{kind}     the vehicle subscribes
 * sdv/1/{fleet}/repo/image/timestamp      every vehicle subscribes
 * </pre>
 *
 * @param fleet 1 to 64 letters, digits, {@code . _ -}
 */
public record FleetTopics(String fleet) {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public FleetTopics {
        if (!SHAPE.matcher(fleet).matches()) {
            throw new IllegalArgumentException(
                    "fleet name \"" + fleet + "\" is not valid: use 1 to 64 letters, digits, '.', '_' or '-'");
        }
    }

    /** Where a vehicle says things of this kind. */
    public String up(VehicleId vehicle, UplinkKind kind) {
        return vehiclePrefix(vehicle) + "up/" + kind.level();
    }

    /** Where a vehicle hears things of this kind. */
    public String down(VehicleId vehicle, DownlinkKind kind) {
        return vehiclePrefix(vehicle) + "dn/" + kind.level();
    }

    /** The retained timestamp metadata of the image repository. */
    public String imageTimestamp() {
        return root() + "repo/image/timestamp";
    }

    /** What a vehicle that publishes on this topic says, or empty when it may not publish there. */
    public Optional<UplinkKind> published(VehicleId vehicle, String topic) {
        String prefix = vehiclePrefix(vehicle) + "up/";
        return topic.startsWith(prefix) ? UplinkKind.ofLevel(topic.substring(prefix.length())) : Optional.empty();
    }

    /**
     * Whether a vehicle may subscribe to this filter: its own {@code dn/} topics one by one or by a wildcard in the last
     * place, and the shared repository topics.
     */
    public boolean maySubscribe(VehicleId vehicle, String filter) {
        return within(vehiclePrefix(vehicle) + "dn/", filter) || within(root() + "repo/", filter);
    }

    private static boolean within(String prefix, String filter) {
        // what follows a fixed, wildcard-free prefix cannot leave it
        return filter.startsWith(prefix) && filter.length() > prefix.length();
    }

    private String root() {
        return "sdv/1/" + fleet + "/";
    }

    private String vehiclePrefix(VehicleId vehicle) {
        return root() + "v/" + vehicle.value() + "/";
    }
}
