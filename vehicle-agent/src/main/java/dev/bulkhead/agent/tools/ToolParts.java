package dev.bulkhead.agent.tools;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditTrail;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the doors for tools lead to.
 *
 * @param buses the vehicle's buses by name
 * @param busNames what they are called
 */
public record ToolParts(
        PolicyInForce policy,
        AuditTrail trail,
        SignalStore signals,
        ActuatorBoard actuators,
        Function<String, Optional<CanBus>> buses,
        Supplier<List<String>> busNames,
        VehicleClock clock,
        Scheduler scheduler) {}
