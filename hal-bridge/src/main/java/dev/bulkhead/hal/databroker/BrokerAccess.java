package dev.bulkhead.hal.databroker;

import java.util.Optional;

/** Decides who a caller is. Thread-safe. */
public interface BrokerAccess {
    /**
     * The caller behind a bearer token.
     *
     * @param token what the call's {@code authorization} header carries; empty when it carries nothing
     * @return empty when the token is missing though one is needed, not valid, or expired
     */
    Optional<BrokerCaller> caller(Optional<String> token);
}
