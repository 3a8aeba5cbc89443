package dev.bulkhead.agent.main;

import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.TlsIdentity;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a vehicle reaches its fleet.
 *
 * @param broker {@code ssl://host:port}
 * @param fleet the fleet's name in topics
 * @param identity key and chain of the vehicle's certificate from the factory
 * @param signer the same key, for version manifests
 * @param roots where trust in metadata begins
 * @param hardwareIds what packages may be made for
 * @param attributes what campaigns filter on
 * @param enrolment where further certificates come from; empty: there is but the first
 */
public record FleetAccess(
        URI broker,
        String fleet,
        TlsIdentity identity,
        FileSigner signer,
        FactoryRoots roots,
        Set<String> hardwareIds,
        Map<String, String> attributes,
        Optional<Enrolment> enrolment) {
    public FleetAccess {
        hardwareIds = Set.copyOf(hardwareIds);
        attributes = Map.copyOf(attributes);
    }

    /**
     * How the vehicle comes by further certificates.
     *
     * @param service {@code https://host:port} of the enrolment service
     * @param bootstrap who the vehicle is when it has no certificate that is still good
     */
    public record Enrolment(URI service, TlsIdentity bootstrap) {}
}
