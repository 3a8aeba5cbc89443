package dev.bulkhead.agent.ota.mqtt;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;

/** What went wrong on the line, in words with their innermost cause: "connection refused" rather than "MqttException". */
final class MqttCauses {
    private static final int MOST_DEPTH = 8;

    private MqttCauses() {}

    /**
     * Whether there was a broker that could have let the vehicle in: neither the network failed nor did nobody answer. TLS 1.3
     * tells a client only after its own handshake that its certificate was refused, so a connection that breaks off counts.
     */
    static boolean brokerWasThere(MqttException exception) {
        Throwable cause = exception;
        for (int depth = 0; depth < MOST_DEPTH && cause != null; depth++) {
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException
                    || cause instanceof SocketTimeoutException) {
                return false;
            }
            cause = cause.getCause();
        }
        return exception.getReasonCode() != MqttClientException.REASON_CODE_CLIENT_TIMEOUT;
    }

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
