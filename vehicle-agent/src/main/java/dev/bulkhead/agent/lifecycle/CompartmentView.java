package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.metering.CpuUsage;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.Usage;
import dev.bulkhead.contract.manifest.Manifest;

/** One compartment at one moment, for tables and metrics. */
public record CompartmentView(
        Manifest manifest,
        Budget budget,
        CpuUsage cpu,
        Usage usage,
        int queueDepth,
        int queueLimit,
        long dropped,
        long denied,
        long events,
        long latenessP99Nanos,
        long callbackP99Nanos,
        long storageBytes) {}
