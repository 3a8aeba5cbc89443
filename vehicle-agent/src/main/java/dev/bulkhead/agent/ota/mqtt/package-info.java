/**
 * The line to the fleet over MQTT 5 and TLS 1.3. The only room that knows the MQTT library; it moves bytes and decides
 * nothing. Only {@code agent.main} enters, to make an {@link dev.bulkhead.agent.ota.mqtt.MqttTransport}.
 */
@NullMarked
package dev.bulkhead.agent.ota.mqtt;

import org.jspecify.annotations.NullMarked;
