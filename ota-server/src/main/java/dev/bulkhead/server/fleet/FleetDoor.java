package dev.bulkhead.server.fleet;

import dev.bulkhead.security.keys.Certificates;
import dev.bulkhead.security.keys.KeyException;
import dev.bulkhead.server.broker.VehicleDoor;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.identity.Admission;
import dev.bulkhead.server.store.Database;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A vehicle is enrolled by the certificate the maker gave it: the first connection makes it known. Thread-safe.
 */
public final class FleetDoor implements VehicleDoor {
    private final Database database;
    private final Admission admission;
    private final InstantSource time;
    /** Connections that stand; a new one may come before the old one is seen to end. */
    private final Map<VehicleId, Integer> connections = new ConcurrentHashMap<>();
    /** Let in, but not seen to arrive yet. */
    private final Map<VehicleId, X509Certificate> expected = new ConcurrentHashMap<>();
    /** What each connected vehicle came in with. */
    private final Map<VehicleId, X509Certificate> shown = new ConcurrentHashMap<>();

    public FleetDoor(Database database, Admission admission, InstantSource time) {
        this.database = database;
        this.admission = admission;
        this.time = time;
    }

    @Override
    public Optional<String> objection(VehicleId vehicle, X509Certificate certificate) {
        String key;
        try {
            key = Certificates.publicKey(certificate).publicText();
        } catch (KeyException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Optional<String> objection = database.write(tx -> {
            tx.vehicles().seen(vehicle.value(), time.millis());
            Optional<String> why = admission.objectionToConnect(tx, vehicle.value(), certificate);
            if (why.isEmpty()) {
                tx.vehicles().setPublicKey(vehicle.value(), key);
            }
            return why;
        });
        if (objection.isEmpty()) {
            expected.put(vehicle, certificate);
        }
        return objection;
    }

    @Override
    public void arrived(VehicleId vehicle) {
        connections.merge(vehicle, 1, Integer::sum);
        X509Certificate certificate = expected.remove(vehicle);
        if (certificate != null) {
            shown.put(vehicle, certificate);
        }
        setOnline(vehicle, true);
    }

    @Override
    public void left(VehicleId vehicle) {
        Integer rest = connections.computeIfPresent(vehicle, (id, count) -> count > 1 ? count - 1 : null);
        if (rest == null) {
            shown.remove(vehicle);
            setOnline(vehicle, false);
        }
    }

    private void setOnline(VehicleId vehicle, boolean online) {
        database.write(tx -> {
            tx.vehicles().setOnline(vehicle.value(), online);
            return online;
        });
    }

    /** Connections that would not be let in now, with the reason: their certificates have ended or were taken back. */
    public Map<VehicleId, String> outstayed() {
        return database.read(tx -> {
            Map<VehicleId, String> outstayed = new LinkedHashMap<>();
            shown.forEach((vehicle, certificate) -> admission
                    .objectionToConnect(tx, vehicle.value(), certificate)
                    .ifPresent(why -> outstayed.put(vehicle, why)));
            return outstayed;
        });
    }

    /** How many vehicles are connected to this server. */
    public int connected() {
        return connections.size();
    }
}
