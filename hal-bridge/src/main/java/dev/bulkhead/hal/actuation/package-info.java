/**
 * Who drives which actuator, and how hard: one owner each, leases, takeovers, limits, failsafes (capabilities.md, "Actuation contract").
 * A pure state machine decides; a thin shell gives it the time, the sinks of the drivers and the ear of the audit log. The contracts
 * themselves are handed in: this room does not know policy.
 */
@NullMarked
package dev.bulkhead.hal.actuation;

import org.jspecify.annotations.NullMarked;
