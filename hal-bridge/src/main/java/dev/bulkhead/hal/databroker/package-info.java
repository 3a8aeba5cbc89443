/**
 * The databroker API {@code kuksa.val.v2}, and the calls of {@code v1} that clients still make, over the signals and actuators of this
 * vehicle. Who calls is told by a token; what the caller may do is asked of {@link dev.bulkhead.hal.databroker.BrokerAccess}. Peers are
 * not trusted: sizes, streams and buffers are bounded.
 */
@NullMarked
package dev.bulkhead.hal.databroker;

import org.jspecify.annotations.NullMarked;
