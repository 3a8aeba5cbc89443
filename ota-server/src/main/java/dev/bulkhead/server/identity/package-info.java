/**
 * Who a vehicle is, as far as the fleet goes: which certificates count, giving out the next one, and taking them back.
 *
 * <p>The broker's door and the enrolment service ask the same {@link dev.bulkhead.server.identity.Admission}, so that what is
 * taken back is refused at both. Nothing here speaks a protocol: {@code server.web} does EST, {@code server.broker} MQTT.
 */
@NullMarked
package dev.bulkhead.server.identity;

import org.jspecify.annotations.NullMarked;
