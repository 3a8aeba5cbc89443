package dev.bulkhead.agent.ota.mqtt;

import dev.bulkhead.agent.ota.Transport;
import dev.bulkhead.agent.ota.Up;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.security.keys.MutualTls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;

/**
 * The line to the fleet over MQTT 5: TLS 1.3 with a client certificate whose CN is the vehicle id (ota.md, Transport). One
 * thread connects, waits for the line to break, waits with jitter, and connects again; the library's own reconnecting stays
 * off.
 */
public final class MqttTransport implements Transport {
    /** A line that stood this long was a good one: the next try starts from the shortest delay. */
    private static final long PROVEN_NANOS = Duration.ofSeconds(30).toNanos();

    private final MqttSettings settings;
    private final LineIdentity identity;
    private final byte[] will;
    private final VehicleClock clock;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private volatile @Nullable MqttLine line;
    private @Nullable Thread thread;
    private boolean closed;
    /** Whether the identity has changed since the last try to connect. */
    private boolean identityIsNew;
    /** Used by the line's thread only. */
    private boolean sessionBegun;

    /**
     * @param identity asked at each try to connect
     * @param will the health message the broker publishes for a vehicle that vanishes; empty for none
     * @param random for jitter only; used by one thread
     */
    public MqttTransport(
            MqttSettings settings, LineIdentity identity, byte[] will, VehicleClock clock, RandomGenerator random) {
        this.settings = settings;
        this.identity = identity;
        this.will = will.clone();
        this.clock = clock;
        this.random = random;
    }

    /** With one identity for ever. */
    public MqttTransport(
            MqttSettings settings, SSLContext tls, byte[] will, VehicleClock clock, RandomGenerator random) {
        this(settings, LineIdentity.of(tls), will, clock, random);
    }

    @Override
    public void open(Listener listener) {
        lock.lock();
        try {
            if (thread != null || closed) {
                throw new IllegalStateException("a transport is opened once");
            }
            thread = Thread.ofPlatform().daemon().name("ota-line").start(() -> keepConnected(listener));
        } finally {
            lock.unlock();
        }
    }

    private void keepConnected(Listener listener) {
        int failures = 0;
        while (!isClosed()) {
            long began = clock.nanos();
            String cause = connectAndWait(listener);
            listener.disconnected(cause);
            failures = clock.nanos() - began >= PROVEN_NANOS ? 1 : failures + 1;
            if (takeNewIdentity()) {
                failures = 0;
            } else if (!sleep(settings.backoff().delayNanos(failures, random))) {
                return;
            }
        }
    }

    private String connectAndWait(Listener listener) {
        try {
            MqttLine opened = MqttLine.open(settings, options(), listener);
            sessionBegun = true;
            if (!take(opened)) {
                return "closed";
            }
            listener.connected();
            String cause = opened.awaitBroken();
            line = null;
            opened.close();
            return cause;
        } catch (MqttException e) {
            String cause = MqttCauses.describe(e);
            if (MqttCauses.brokerWasThere(e)) {
                identity.turnedAway(cause);
            }
            return cause;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "closed";
        }
    }

    /** Makes the line usable, unless the transport was closed while it was being opened. */
    private boolean take(MqttLine opened) {
        lock.lock();
        try {
            if (!closed) {
                line = opened;
                return true;
            }
        } finally {
            lock.unlock();
        }
        opened.close();
        return false;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** False when the transport was closed meanwhile. */
    private boolean sleep(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && !identityIsNew && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean takeNewIdentity() {
        lock.lock();
        try {
            boolean isNew = identityIsNew;
            identityIsNew = false;
            return isNew && !closed;
        } finally {
            lock.unlock();
        }
    }

    /** The identity has changed: connects again with it, now. What the broker keeps for the vehicle is kept. */
    public void reconnect() {
        MqttLine current;
        lock.lock();
        try {
            identityIsNew = true;
            closing.signalAll();
            current = line;
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.close();
        }
    }

    private MqttConnectionOptions options() {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        // what waited for an earlier process answers questions that this one never asked
        options.setCleanStart(!sessionBegun);
        options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setConnectionTimeout((int) settings.connectTimeout().toSeconds());
        options.setMaximumPacketSize((long) settings.messageBytes());
        options.setReceiveMaximum(settings.sendQueue());
        options.setSocketFactory(MutualTls.clientSockets(identity.tls()));
        if (will.length > 0) {
            MqttMessage message = new MqttMessage(will);
            message.setQos(1);
            options.setWill(settings.topics().up(Up.HEALTH), message);
        }
        return options;
    }

    @Override
    public boolean publish(Up up, byte[] payload) {
        MqttLine current = line;
        return current != null && payload.length <= settings.messageBytes() && current.publish(up, payload);
    }

    @Override
    public void close() {
        MqttLine current;
        Thread runner;
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            current = line;
            line = null;
            runner = thread;
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.close();
        }
        awaitEnd(runner);
    }

    private void awaitEnd(@Nullable Thread runner) {
        if (runner == null || runner.equals(Thread.currentThread())) {
            return;
        }
        try {
            runner.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
