package dev.bulkhead.agent.ota.mqtt;

import org.eclipse.paho.mqttv5.common.MqttException;

/** What went wrong on the line, in words with their innermost cause: "connection refused" rather than "MqttException". */
final class MqttCauses {
    private static final int MOST_DEPTH = 8;

    private MqttCauses() {}

    static String describe(MqttException exception) {
        Throwable innermost = exception;
        int depth = 0;
        for (; depth < MOST_DEPTH && innermost.getCause() != null; depth++) {
            innermost = innermost.getCause();
        }
        String text = innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
        return depth > 0 ? text : text + " (MQTT reason " + exception.getReasonCode() + ")";
    }
}
