package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.Orchestrator;
import dev.bulkhead.agent.lifecycle.PackageInstaller;
import dev.bulkhead.contract.proto.AgentStatus;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditLog;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the local API speaks for.
 *
 * @param status how the agent itself stands
 * @param threads where watches are answered; never the scheduler's own
 * @param incoming a folder for packages on their way in
 */
public record ApiParts(
        Orchestrator orchestrator,
        PackageInstaller installer,
        SignalStore signals,
        ActuatorBoard actuators,
        AuditLog log,
        VehicleClock clock,
        Scheduler scheduler,
        Supplier<AgentStatus> status,
        Path incoming,
        Executor threads) {}
