/**
 * Wiring of the fleet server by hand: settings in, a running server out, and back down in order.
 *
 * <p>Enter through {@link dev.bulkhead.server.main.FleetServer}. The wall clock, the secure random source and the logging
 * back end are met here and nowhere else in this module.
 */
@NullMarked
package dev.bulkhead.server.main;

import org.jspecify.annotations.NullMarked;
