package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.Capability;

/** The answer to an {@link AccessRequest}. A denial is a value: the app gets {@code PERM}, the audit log the rule. */
public sealed interface Decision {
    /**
     * The rule that decided, for logs: {@code vehicle policy rule "climate controls the cabin"}, {@code ceiling of
     * vendor polar}, {@code manifest}, {@code guard diagnostic-ids}.
     */
    String rule();

    /** One sentence on why. */
    String why();

    /**
     * Granted, under these limits and no others.
     *
     * @param effective the common part of request, ceiling and policy with the narrowest of each limit
     */
    record Allow(Capability effective, String rule, String why) implements Decision {}

    /** Refused. */
    record Deny(String rule, String why) implements Decision {}
}
