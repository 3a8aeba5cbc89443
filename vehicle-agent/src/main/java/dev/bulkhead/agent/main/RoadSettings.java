package dev.bulkhead.agent.main;

import dev.bulkhead.agent.service.Herald;
import dev.bulkhead.agent.tools.ToolPorts;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.driver.databroker.BrokerPeer;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an agent in real time is started with.
 *
 * @param dataDir made if it is missing; one agent at a time
 * @param apiPort of the local API on loopback; 0 for any free one
 * @param metricsPort of the health and metrics page on loopback; 0 for any free one; empty for none
 * @param tools doors for python-can, Kuksa clients and the like
 * @param peers existing databrokers to work with
 * @param herald tells whoever started the agent when it is ready, alive or stopping
 */
public record RoadSettings(
        String vehicleId,
        String agentVersion,
        Path dataDir,
        SignalTree tree,
        VehiclePolicy policy,
        ActuatorFrames frames,
        TrustAnchor trust,
        List<Driver> drivers,
        Optional<FleetAccess> fleet,
        int apiPort,
        Optional<Integer> metricsPort,
        ToolPorts tools,
        List<BrokerPeer> peers,
        Herald herald) {
    public RoadSettings {
        drivers = List.copyOf(drivers);
        peers = List.copyOf(peers);
    }

    /** Without doors for tools and without other databrokers, telling nobody. */
    public RoadSettings(
            String vehicleId,
            String agentVersion,
            Path dataDir,
            SignalTree tree,
            VehiclePolicy policy,
            ActuatorFrames frames,
            TrustAnchor trust,
            List<Driver> drivers,
            Optional<FleetAccess> fleet,
            int apiPort,
            Optional<Integer> metricsPort) {
        this(
                vehicleId,
                agentVersion,
                dataDir,
                tree,
                policy,
                frames,
                trust,
                drivers,
                fleet,
                apiPort,
                metricsPort,
                ToolPorts.none(),
                List.of(),
                Herald.NOBODY);
    }

    /** The same with these doors for tools. */
    public RoadSettings with(ToolPorts doors) {
        return new RoadSettings(
                vehicleId,
                agentVersion,
                dataDir,
                tree,
                policy,
                frames,
                trust,
                drivers,
                fleet,
                apiPort,
                metricsPort,
                doors,
                peers,
                herald);
    }

    /** The same, telling this one how the agent is. */
    public RoadSettings with(Herald told) {
        return new RoadSettings(
                vehicleId,
                agentVersion,
                dataDir,
                tree,
                policy,
                frames,
                trust,
                drivers,
                fleet,
                apiPort,
                metricsPort,
                tools,
                peers,
                told);
    }

    /** The same with these databrokers to work with. */
    public RoadSettings with(List<BrokerPeer> neighbours) {
        return new RoadSettings(
                vehicleId,
                agentVersion,
                dataDir,
                tree,
                policy,
                frames,
                trust,
                drivers,
                fleet,
                apiPort,
                metricsPort,
                tools,
                neighbours,
                herald);
    }
}
