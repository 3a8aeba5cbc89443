/**
 * The over-the-air client: asks the fleet what should run here, believes only what is signed, pulls what is missing block
 * by block, and hands a verified package to the installer. A step that fails leaves the running version running.
 *
 * <p>{@link dev.bulkhead.agent.ota.OtaClient} holds the logic and knows neither MQTT nor wall time; carriers and the broker
 * connection stand behind {@link dev.bulkhead.agent.ota.Transport} and {@link dev.bulkhead.agent.ota.Carrier}. Only
 * {@code agent.main} and simulations enter. No app code runs in this room, and nothing here decides what an app may touch.
 */
@NullMarked
package dev.bulkhead.agent.ota;

import org.jspecify.annotations.NullMarked;
