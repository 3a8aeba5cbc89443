package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.VssDocument;
import dev.bulkhead.security.policy.ActuatorFrames;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The frames of one bus that set an actuator, by its mapping: sending one raw would go round the actuation contract
 * (capabilities.md "Built-in guards"). Immutable.
 *
 * @param idWords identifiers with the flag for extended ones
 */
public record GuardedFrames(String bus, Set<Integer> idWords) implements ActuatorFrames {
    public GuardedFrames {
        idWords = Set.copyOf(idWords);
    }

    /** Every frame that {@code vss2dbc} sets for an actuator. */
    public static GuardedFrames of(String bus, VehicleMapping mapping) {
        return new GuardedFrames(
                bus,
                mapping.toBus().stream()
                        .filter(to -> to.leaf().kind() == LeafKind.ACTUATOR)
                        .map(ToBus::idWord)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Those of the vehicle that ships with the project. */
    public static GuardedFrames ofDefaultVehicle() {
        VssDocument document = DefaultVehicle.document();
        BusCodec codec = new BusCodec(DbcDatabase.parse("default-vehicle.dbc", DefaultVehicle.dbc()));
        return of(DefaultVehicle.BUS, VehicleMapping.read(document, document.tree(), codec));
    }

    @Override
    public boolean carryActuator(String busName, int id, boolean extended) {
        return bus.equals(busName) && idWords.contains(extended ? id | CanFrame.EXTENDED : id);
    }
}
