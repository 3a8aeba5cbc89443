package dev.bulkhead.server.broker;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** A real MQTT 5 client over mutual TLS, as small as a test likes it. */
public final class PahoVehicle implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 15_000;

    private final MqttAsyncClient client;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    private PahoVehicle(MqttAsyncClient client) {
        this.client = client;
    }

    /** One message that arrived. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Received(String topic, byte[] payload) {}

    public static PahoVehicle connect(int port, String clientId, SSLContext tls) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("ssl://127.0.0.1:" + port, clientId, new MemoryPersistence());
        PahoVehicle vehicle = new PahoVehicle(client);
        client.setCallback(vehicle.new Inbox());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setSocketFactory(tls.getSocketFactory());
        options.setHttpsHostnameVerificationEnabled(true);
        options.setAutomaticReconnect(false);
        options.setCleanStart(true);
        options.setConnectionTimeout(15);
        try {
            client.connect(options).waitForCompletion(PATIENCE_MILLIS);
        } catch (MqttException e) {
            client.close(true);
            throw e;
        }
        return vehicle;
    }

    /** The reason code the broker acknowledged a QoS 1 publish with. */
    public int publish(String topic, byte[] payload) throws MqttException {
        return publish(topic, payload, false);
    }

    public int publish(String topic, byte[] payload, boolean retained) throws MqttException {
        IMqttToken token = client.publish(topic, payload, 1, retained);
        try {
            awaitOrEnd(token);
        } catch (MqttException e) {
            if (token.getReasonCodes() == null) {
                throw e;
            }
        }
        int[] codes = token.getReasonCodes();
        return codes == null || codes.length == 0 ? 0 : codes[0];
    }

    /**
     * A token of a connection that ended may never complete. A wait of the token's own that times out spoils it: it keeps the
     * exception and throws it again when it has completed, so it is only looked at until then.
     */
    private void awaitOrEnd(IMqttToken token) throws MqttException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!token.isComplete() && client.isConnected() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        token.waitForCompletion(100);
    }

    /** The reason code the broker acknowledged a subscription with: 0 to 2 = granted. */
    public int subscribe(String filter) throws MqttException {
        IMqttToken token = client.subscribe(filter, 1);
        try {
            token.waitForCompletion(PATIENCE_MILLIS);
        } catch (MqttException e) {
            if (token.getReasonCodes() == null) {
                throw e;
            }
        }
        return token.getReasonCodes()[0];
    }

    /** The next message, waiting for it. */
    public Received await() throws InterruptedException {
        Received message = received.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new AssertionError("no message arrived within " + Duration.ofMillis(PATIENCE_MILLIS));
        }
        return message;
    }

    /** What has arrived and was not taken yet. */
    public boolean heardNothing() {
        return received.isEmpty();
    }

    public boolean connected() {
        return client.isConnected();
    }

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            try {
                awaitOrEnd(client.disconnect());
            } catch (MqttException e) {
                // the connection may have ended though the token has not been told yet
                if (client.isConnected()) {
                    throw e;
                }
            }
        }
        client.close(true);
    }

    private final class Inbox implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            received.add(new Received(topic, message.getPayload()));
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {}

        @Override
        public void mqttErrorOccurred(MqttException exception) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }
}
