/**
 * The way to the vehicles: topics, who may use which, and the embedded MQTT 5 broker behind two small interfaces.
 *
 * <p>{@link dev.bulkhead.server.broker.Downlink} sends, {@link dev.bulkhead.server.broker.UplinkHandler} receives; nothing outside
 * this package sees a broker type, so that another broker can stand behind the same two. What a payload means is not
 * decided here.
 */
@NullMarked
package dev.bulkhead.server.broker;

import org.jspecify.annotations.NullMarked;
