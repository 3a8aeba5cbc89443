package dev.bulkhead.server.identity;

import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.store.Database;
import java.time.InstantSource;
import java.util.function.BiConsumer;

/**
 * Takes certificates back and keeps vehicles out, at once: when a method returns, broker and enrolment service refuse, and
 * the vehicle's connection is being ended. Thread-safe.
 */
public final class Revocation {
    private static final int LONGEST_REASON = 200;

    private final Database database;
    private final BiConsumer<VehicleId, String> hangUp;
    private final InstantSource time;

    /**
     * @param hangUp ends a vehicle's connection and says why
     * @param time of the machine, as certificates are dated
     */
    public Revocation(Database database, BiConsumer<VehicleId, String> hangUp, InstantSource time) {
        this.database = database;
        this.hangUp = hangUp;
        this.time = time;
    }

    /**
     * Takes back every certificate a vehicle was given until now, but not its bootstrap one: the vehicle enrols anew.
     *
     * @return false when no such vehicle is known
     */
    public boolean revokeAll(VehicleId vehicle, String reason) {
        boolean known = database.write(tx -> {
            if (tx.vehicles().find(vehicle.value()).isEmpty()) {
                return false;
            }
            tx.vehicles().setCertificatesFrom(vehicle.value(), time.millis());
            tx.certificates().revokeAll(vehicle.value(), time.millis(), shortened(reason));
            return true;
        });
        if (known) {
            hangUp.accept(vehicle, "the certificate was taken back");
        }
        return known;
    }

    /**
     * Takes back one certificate of a vehicle, wherever it was given out.
     *
     * @param serial lower-case hex
     * @return false when no such vehicle is known
     */
    public boolean revoke(VehicleId vehicle, String serial, String reason) {
        boolean known = database.write(tx -> {
            if (tx.vehicles().find(vehicle.value()).isEmpty()) {
                return false;
            }
            tx.certificates().revoke(serial, vehicle.value(), time.millis(), shortened(reason));
            return true;
        });
        if (known) {
            // whoever holds another good certificate is back in a moment
            hangUp.accept(vehicle, "a certificate was taken back");
        }
        return known;
    }

    /**
     * Keeps a vehicle out altogether, or lets it in again.
     *
     * @return false when no such vehicle is known
     */
    public boolean setBlocked(VehicleId vehicle, boolean blocked) {
        boolean known = database.write(tx -> tx.vehicles().setBlocked(vehicle.value(), blocked));
        if (known && blocked) {
            hangUp.accept(vehicle, "the vehicle is blocked in this fleet");
        }
        return known;
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}
