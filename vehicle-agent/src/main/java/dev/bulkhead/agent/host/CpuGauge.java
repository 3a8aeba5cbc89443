package dev.bulkhead.agent.host;

import dev.bulkhead.agent.metering.CpuUsage;
import dev.bulkhead.agent.sandbox.Budget;
import java.util.function.Supplier;

/** What an instance may still use, for {@code app.budget}. */
public record CpuGauge(Budget budget, Supplier<CpuUsage> usage) {}
