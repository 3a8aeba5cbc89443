package dev.bulkhead.server.main;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.bulkhead.server.broker.BrokerIncidents.Refusal;
import dev.bulkhead.server.fleet.IncidentLog;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Records handshakes that failed, for example for an unknown certificate. The broker tells of them in its log only, so its
 * logger is listened to.
 */
final class TlsRefusals extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final String HANDSHAKES = "com.hivemq.security.ssl.SslExceptionHandler";

    private final IncidentLog incidents;
    private final Logger logger;

    private TlsRefusals(IncidentLog incidents, Logger logger) {
        this.incidents = incidents;
        this.logger = logger;
    }

    /** Starts listening; does nothing when another logging back end is at work. */
    static AutoCloseable watch(IncidentLog incidents) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return () -> {};
        }
        Logger logger = context.getLogger(HANDSHAKES);
        TlsRefusals refusals = new TlsRefusals(incidents, logger);
        refusals.setContext(context);
        refusals.start();
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(refusals);
        return refusals;
    }

    @Override
    protected void append(ILoggingEvent event) {
        incidents.refused(new Refusal(Optional.empty(), "tls", event.getFormattedMessage()));
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
