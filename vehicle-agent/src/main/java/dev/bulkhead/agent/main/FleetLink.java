package dev.bulkhead.agent.main;

import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.agent.ota.OtaSettings;
import dev.bulkhead.agent.ota.Steps;
import dev.bulkhead.agent.ota.Transport;
import dev.bulkhead.agent.ota.TrustGate;
import dev.bulkhead.security.keys.Signer;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The line to the fleet.
 *
 * @param settings how the vehicle behaves towards it
 * @param transport not opened yet
 * @param identity the key of the vehicle's certificate; signs version manifests, which the fleet checks against that certificate
 * @param trust makes the gate that separates bytes from orders; it asks the installer what is installed
 * @param strand runs the client's turns one after the other
 * @param steps told after each change of the disk
 */
public record FleetLink(
        OtaSettings settings,
        Transport transport,
        Signer identity,
        Function<PackageInstaller, TrustGate> trust,
        Executor strand,
        Steps steps) {}
