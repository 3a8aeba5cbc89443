package dev.bulkhead.agent.host;

import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.audit.AuditTrail;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the host functions of every app share.
 *
 * @param buses finds an attached CAN bus by name
 * @param config an app's configuration values
 */
public record HostServices(
        VehicleClock clock,
        Scheduler scheduler,
        SignalStore signals,
        ActuatorBoard actuators,
        Function<String, Optional<CanBus>> buses,
        KeyValueStore keyValues,
        MessageHub messages,
        ConfigSource config,
        AppDirectory apps,
        AuditTrail audit) {}
