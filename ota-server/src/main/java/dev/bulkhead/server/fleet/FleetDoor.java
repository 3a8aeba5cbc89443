package dev.bulkhead.server.fleet;

import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.server.broker.VehicleDoor;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.Database;
import dev.bulkhead.server.store.VehicleRow;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A vehicle is enrolled by the certificate the fleet authority gave it: the first connection makes it known. It can be
 * blocked here. Thread-safe.
 */
public final class FleetDoor implements VehicleDoor {
    private final Database database;
    private final InstantSource time;
    /** Connections that stand; a new one may come before the old one is seen to end. */
    private final Map<VehicleId, Integer> connections = new ConcurrentHashMap<>();

    public FleetDoor(Database database, InstantSource time) {
        this.database = database;
        this.time = time;
    }

    @Override
    public boolean admits(VehicleId vehicle, X509Certificate certificate) {
        String key;
        try {
            key = Certificates.publicKey(certificate).publicText();
        } catch (KeyException e) {
            return false;
        }
        return database.write(tx -> {
            tx.vehicles().seen(vehicle.value(), time.millis());
            boolean blocked =
                    tx.vehicles().find(vehicle.value()).map(VehicleRow::blocked).orElse(true);
            if (!blocked) {
                tx.vehicles().setPublicKey(vehicle.value(), key);
            }
            return !blocked;
        });
    }

    @Override
    public void arrived(VehicleId vehicle) {
        connections.merge(vehicle, 1, Integer::sum);
        setOnline(vehicle, true);
    }

    @Override
    public void left(VehicleId vehicle) {
        Integer rest = connections.computeIfPresent(vehicle, (id, count) -> count > 1 ? count - 1 : null);
        if (rest == null) {
            setOnline(vehicle, false);
        }
    }

    private void setOnline(VehicleId vehicle, boolean online) {
        database.write(tx -> {
            tx.vehicles().setOnline(vehicle.value(), online);
            return online;
        });
    }

    /** How many vehicles are connected to this server. */
    public int connected() {
        return connections.size();
    }
}
