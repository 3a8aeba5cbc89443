/**
 * What vehicles say, one handler for each kind of message, and what is known of each vehicle.
 *
 * <p>Handlers keep nothing in memory between two messages and may see the same message twice. A payload is untrusted
 * until it was parsed and, where it claims something that matters, its signature verified. Enter through
 * {@link dev.bulkhead.server.fleet.UplinkRouter}. No HTTP here, and no broker types.
 */
@NullMarked
package dev.bulkhead.server.fleet;

import org.jspecify.annotations.NullMarked;
