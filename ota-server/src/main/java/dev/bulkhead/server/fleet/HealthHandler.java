package dev.bulkhead.server.fleet;

import dev.bulkhead.contract.proto.Health;
import dev.bulkhead.server.broker.VehicleId;

/** A sign of life. */
final class HealthHandler implements MessageHandler {
    private final FleetParts parts;

    HealthHandler(FleetParts parts) {
        this.parts = parts;
    }

    @Override
    public void handle(VehicleId vehicle, byte[] payload) throws MalformedMessageException {
        Health health = Parse.message(Health.parser(), "Health", payload);
        parts.database().write(tx -> {
            tx.vehicles().seen(vehicle.value(), parts.time().millis());
            tx.vehicles().setOnline(vehicle.value(), health.getOnline());
            return true;
        });
        parts.assignments().changes().signal();
    }
}
