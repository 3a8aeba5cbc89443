package dev.bulkhead.agent.ota.mqtt;

import javax.net.ssl.SSLContext;

/** Who the vehicle is on its line. Called on the line's thread. */
public interface LineIdentity {
    /** For the connection that is about to be tried: carries the vehicle's certificate and trusts the fleet's root. */
    SSLContext tls();

    /** The broker was there, but did not let the vehicle in. */
    default void turnedAway(String cause) {
        // there is no other
    }

    /** The same identity for ever. */
    static LineIdentity of(SSLContext tls) {
        return () -> tls;
    }
}
