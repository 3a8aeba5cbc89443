package dev.bulkhead.contract.capability;

import java.util.List;

/**
 * One thing an app may do, with its limits. An absent limit does not limit. Immutable; {@code toString()} is the
 * canonical line and reads back as an equal capability.
 */
public sealed interface Capability
        permits SignalRead, SignalActuate, CanReceive, CanTransmit, Message, Cloud, Storage, Wasi, Infer {
    /**
     * What both allow: the common part of what they name under the narrower of each limit. Empty when they have nothing
     * in common; one element when either names a single thing. Where "narrower" has no meaning (a failsafe), the value of
     * {@code authority} holds if it gives one, so call it on the request with the ceiling, then the policy.
     */
    List<Capability> intersect(Capability authority);
}
