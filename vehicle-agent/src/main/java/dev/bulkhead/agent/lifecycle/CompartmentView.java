package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.metering.CpuUsage;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.Usage;
import dev.bulkhead.contract.manifest.Manifest;

/**
 * One compartment at one moment, for tables and metrics.
 *
 * @param memoryBytes what counts towards the memory budget: linear memory, tables, and what the host holds beyond what comes with every app
 * @param hostBytes what the host holds for it in all
 */
public record CompartmentView(
        Manifest manifest,
        Budget budget,
        CpuUsage cpu,
        Usage usage,
        int queueDepth,
        int queueLimit,
        long dropped,
        int messagesWaiting,
        long messagesDropped,
        long denied,
        long events,
        long latenessP99Nanos,
        long callbackP99Nanos,
        long storageBytes,
        long logLines,
        long logDropped,
        long memoryBytes,
        long hostBytes) {
    static CompartmentView of(Occupant occupant, Delivery delivery, long storageBytes) {
        return new CompartmentView(
                occupant.content().manifest(),
                occupant.budget(),
                occupant.account().usage(),
                occupant.instance().usage(),
                occupant.session().inbox().depth(),
                occupant.session().inbox().limit(),
                occupant.session().inbox().dropped(),
                occupant.session().messagesWaiting(),
                occupant.session().messagesDropped(),
                occupant.session().denied(),
                delivery.events(),
                occupant.session().latenessP99(),
                delivery.callbackP99(),
                storageBytes,
                occupant.session().logLines(),
                occupant.session().logDropped(),
                occupant.session().held().charged(),
                occupant.session().held().host());
    }
}
