package dev.bulkhead.server.broker;

import com.codahale.metrics.MetricRegistry;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HiveMQ CE in this process: one TLS 1.3 listener that demands a client certificate, an authenticator, topic
 * permissions, and an in-process link that needs no socket.
 *
 * <p>Sessions and queued messages live in memory: what must last is in the server's database, and a vehicle says hello
 * whenever it connects. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final long START_LIMIT_SECONDS = 60;

    private final EmbeddedHiveMQ hive;
    private final BrokerExtension extension;

    private EmbeddedBroker(EmbeddedHiveMQ hive, BrokerExtension extension) {
        this.hive = hive;
        this.extension = extension;
    }

    /**
     * Starts a broker and returns when it accepts connections, usually within 2 to 4 s.
     *
     * @throws BrokerException when the port is taken, the certificate is unusable or the directory cannot be written
     */
    public static EmbeddedBroker start(
            BrokerSettings settings, TlsMaterial tls, BrokerRules rules, UplinkHandler uplink) {
        tuneProcess();
        BrokerFiles files = BrokerFiles.write(settings, tls);
        BrokerExtension extension = new BrokerExtension(rules, uplink);
        EmbeddedHiveMQ hive = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(files.configuration())
                .withDataFolder(files.data())
                .withExtensionsFolder(files.extensions())
                .withoutLoggingBootstrap()
                .withEmbeddedExtension(describe(extension))
                .build();
        EmbeddedBroker broker = new EmbeddedBroker(hive, extension);
        broker.awaitStart(settings);
        return broker;
    }

    /** The broker has settings of this kind for the whole process only. All is in memory: nothing has to be waited for. */
    private static void tuneProcess() {
        InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(50);
        InternalConfigurations.PERSISTENCE_BUCKET_COUNT.set(8);
        InternalConfigurations.PAYLOAD_PERSISTENCE_BUCKET_COUNT.set(8);
        InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
    }

    private static EmbeddedExtension describe(BrokerExtension extension) {
        return EmbeddedExtension.builder()
                .withId("bulkhead")
                .withName("Bulkhead fleet rules")
                .withVersion("1")
                .withAuthor("Bulkhead")
                .withPriority(0)
                .withStartPriority(1000)
                .withExtensionMain(extension)
                .build();
    }

    private void awaitStart(BrokerSettings settings) {
        try {
            hive.start().get(START_LIMIT_SECONDS, TimeUnit.SECONDS);
            extension.port();
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            close();
            throw new BrokerException(
                    "the MQTT broker did not start on " + settings.bindAddress() + ":" + settings.port()
                            + "; is the port taken by another process? (" + rootCause(e) + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new BrokerException("interrupted while the MQTT broker was starting", e);
        }
    }

    private static String rootCause(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** The TCP port the TLS listener is bound to. */
    public int port() {
        return extension.port();
    }

    /** Sends to vehicles through this broker. */
    public Downlink downlink() {
        return extension.downlink();
    }

    /** The broker's own measurements. */
    public MetricRegistry metrics() {
        return hive.getMetricRegistry();
    }

    /** Stops listening and ends all connections. Idempotent. */
    @Override
    public void close() {
        try {
            hive.close();
        } catch (ExecutionException e) {
            throw new BrokerException("the MQTT broker did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
