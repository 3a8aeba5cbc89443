package dev.bulkhead.agent.ota;

import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.Signer;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a client is wired to.
 *
 * @param transport not yet opened; the client opens and closes it
 * @param trust decides what is believed
 * @param installer the door into the lifecycle room
 * @param signer the vehicle key, for version manifests
 * @param auditHead what is sent as audit checkpoint
 * @param witness is told about attacks
 * @param clock of the vehicle
 * @param scheduler on the same clock
 * @param strand runs one turn after the other; may reject when it is full ({@link OtaStrand} on the road, the event queue in
 *     simulation)
 * @param random nonces and jitter; a secure source on the road, seeded in simulation
 * @param steps told after each change of the disk
 */
public record OtaParts(
        Transport transport,
        TrustGate trust,
        PackageInstaller installer,
        Signer signer,
        AuditHead auditHead,
        Witness witness,
        VehicleClock clock,
        Scheduler scheduler,
        Executor strand,
        RandomGenerator random,
        Steps steps) {}
