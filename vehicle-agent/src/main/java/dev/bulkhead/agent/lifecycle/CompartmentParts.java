package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.HostServices;
import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.agent.metering.CpuClock;
import dev.bulkhead.agent.sandbox.Engine;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What every compartment is built with.
 *
 * @param shelf in front of {@code releases}
 * @param cpu makes the CPU clock of one strand: measuring on the road, counting in simulation
 * @param random makes the source of chance of one incarnation, by its label
 * @param hostFaults hears about exceptions that are bugs of the agent, with a few words on where
 */
public record CompartmentParts(
        Engine engine,
        ReleaseStore releases,
        ReleaseShelf shelf,
        HostServices host,
        PolicyInForce policy,
        StrandFactory strands,
        Supplier<CpuClock> cpu,
        Function<String, RandomGenerator> random,
        HostFaults hostFaults) {
    /** Told about exceptions that are bugs of the agent. Thread-safe. */
    @FunctionalInterface
    public interface HostFaults {
        void failed(String where, Throwable fault);
    }
}
