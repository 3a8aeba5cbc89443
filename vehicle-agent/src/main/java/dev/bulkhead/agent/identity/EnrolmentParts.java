package dev.bulkhead.agent.identity;

import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.enrol.EnrolmentService;
import dev.bulkhead.security.keys.TlsIdentity;
import dev.bulkhead.security.keys.TrustAnchor;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What an {@link IdentityKeeper} is wired to.
 *
 * @param service gives certificates; its calls block
 * @param bootstrap who the vehicle is when it has no certificate that is still good
 * @param anchor what a new certificate must lead to
 * @param worker runs what blocks, one thing after the other
 * @param random makes keys, and jitter
 */
public record EnrolmentParts(
        EnrolmentService service,
        TlsIdentity bootstrap,
        Supplier<TrustAnchor> anchor,
        VehicleClock clock,
        Scheduler scheduler,
        Executor worker,
        SecureRandom random,
        EnrolmentPace pace) {}
