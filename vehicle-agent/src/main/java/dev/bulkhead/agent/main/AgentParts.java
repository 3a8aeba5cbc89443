package dev.bulkhead.agent.main;

import dev.bulkhead.agent.lifecycle.CompartmentParts;
import dev.bulkhead.agent.lifecycle.StrandFactory;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Engine;
import dev.bulkhead.agent.store.RowSeal;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.Signer;
import dev.bulkhead.security.keys.TrustAnchor;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All an agent is put together from. Everything that differs between the road, a simulation and a test is here.
 *
 * @param vehicleId as in the vehicle's certificate
 * @param agentVersion of this software
 * @param dataDir exists; holds {@code agent.db}, {@code kv.db}, {@code audit.db}, {@code blobs/}, and what the OTA client keeps
 * @param tree the vehicle's signals
 * @param policy who may touch what
 * @param frames which CAN frames carry actuators
 * @param trust the OEM roots that vendor certificates lead to, asked at each check
 * @param signer the vehicle's Ed25519 key: signs audit checkpoints
 * @param seal over the rows of the store, of this installation alone and the same at each start
 * @param cpu makes the CPU clock of one strand: {@code CpuClock::ofThread} on the road, {@code () -> CpuClock.ofFuel(n)} in simulation
 * @param random makes an independent source of chance for a named part; secure on the road, seeded in simulation
 * @param drivers started in this order
 * @param fleet the line to the fleet; empty for a vehicle on its own
 * @param config configuration values by app id and key
 * @param hostFaults hears about bugs of the agent
 */
public record AgentParts(
        String vehicleId,
        String agentVersion,
        Path dataDir,
        SignalTree tree,
        VehiclePolicy policy,
        ActuatorFrames frames,
        Supplier<TrustAnchor> trust,
        Signer signer,
        RowSeal seal,
        VehicleClock clock,
        Scheduler scheduler,
        StrandFactory strands,
        Supplier<CpuClock> cpu,
        Engine engine,
        Function<String, RandomGenerator> random,
        List<Driver> drivers,
        Optional<FleetLink> fleet,
        Map<String, Map<String, byte[]>> config,
        CompartmentParts.HostFaults hostFaults) {
    public AgentParts {
        drivers = List.copyOf(drivers);
        config = Map.copyOf(config);
    }
}
