package dev.bulkhead.agent.main;

import dev.bulkhead.agent.ota.FactoryRoots;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.TlsIdentity;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * How a vehicle reaches its fleet.
 *
 * @param broker {@code ssl://host:port}
 * @param fleet the fleet's name in topics
 * @param identity key and chain of the vehicle's certificate
 * @param signer the same key, for version manifests
 * @param roots where trust in metadata begins
 * @param hardwareIds what packages may be made for
 * @param attributes what campaigns filter on
 */
public record FleetAccess(
        URI broker,
        String fleet,
        TlsIdentity identity,
        FileSigner signer,
        FactoryRoots roots,
        Set<String> hardwareIds,
        Map<String, String> attributes) {
    public FleetAccess {
        hardwareIds = Set.copyOf(hardwareIds);
        attributes = Map.copyOf(attributes);
    }
}
