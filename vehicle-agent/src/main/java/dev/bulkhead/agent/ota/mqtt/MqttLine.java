package dev.bulkhead.agent.ota.mqtt;

import dev.bulkhead.agent.ota.Topics;
import dev.bulkhead.agent.ota.Transport;
import dev.bulkhead.agent.ota.Up;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * One connection, from the handshake until it breaks. Callbacks only pass on; whoever opens the line waits on a thread of
 * its own, because a callback that waits for the broker waits for itself.
 */
final class MqttLine implements MqttCallback {
    private static final int QOS = 1;

    private final Topics topics;
    private final Transport.Listener listener;
    private final MqttAsyncClient client;
    private final long timeoutMillis;
    private final CountDownLatch broken = new CountDownLatch(1);
    private final AtomicReference<String> cause = new AtomicReference<>("");

    private MqttLine(MqttSettings settings, Transport.Listener listener) throws MqttException {
        this.topics = settings.topics();
        this.listener = listener;
        this.timeoutMillis = settings.connectTimeout().toMillis();
        this.client = new MqttAsyncClient(
                settings.broker().toString(), settings.topics().vehicleId(), new MemoryPersistence());
        client.setCallback(this);
    }

    /** Connects and subscribes; blocks for the connect timeout at most. */
    static MqttLine open(MqttSettings settings, MqttConnectionOptions options, Transport.Listener listener)
            throws MqttException {
        MqttLine line = new MqttLine(settings, listener);
        try {
            line.client.connect(options).waitForCompletion(line.timeoutMillis);
            line.subscribe();
            return line;
        } catch (MqttException | RuntimeException e) {
            line.close();
            throw e;
        }
    }

    private void subscribe() throws MqttException {
        String[] filters = topics.subscriptions().toArray(String[]::new);
        int[] qos = new int[filters.length];
        Arrays.fill(qos, QOS);
        IMqttToken token = client.subscribe(filters, qos);
        token.waitForCompletion(timeoutMillis);
        for (int code : token.getReasonCodes()) {
            if (code > QOS) {
                throw new MqttException(code);
            }
        }
    }

    /** False when the line is down or too much waits to be acknowledged. */
    boolean publish(Up up, byte[] payload) {
        try {
            client.publish(topics.up(up), payload, QOS, false);
            return true;
        } catch (MqttException e) {
            return false;
        }
    }

    /** Waits until the line breaks; says why. */
    String awaitBroken() throws InterruptedException {
        broken.await();
        return cause.get();
    }

    /** Says goodbye when the broker still listens, and frees the client's threads in any case. */
    void close() {
        try {
            if (client.isConnected()) {
                client.disconnect(0).waitForCompletion(Math.min(timeoutMillis, 2_000));
            }
        } catch (MqttException e) {
            abandon();
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            // the client's threads are gone either way
            lost("closed");
        }
        lost("closed");
    }

    private void abandon() {
        try {
            client.disconnectForcibly(0, 500, false);
        } catch (MqttException e) {
            lost("closed");
        }
    }

    private void lost(String why) {
        cause.compareAndSet("", why);
        broken.countDown();
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        String reason = response.getReasonString();
        MqttException exception = response.getException();
        lost(
                reason != null && !reason.isEmpty()
                        ? reason
                        : exception != null ? MqttCauses.describe(exception) : "the broker ended the connection");
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        topics.parse(topic).ifPresent(dn -> listener.received(dn, message.getPayload()));
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        // a protocol error is followed by disconnected(), which tells the cause
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // delivery is at least once while the line lasts; nobody waits for a single message
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // subscribing here would wait for itself when messages are waiting
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // no enhanced authentication: the client certificate says who this is
    }
}
