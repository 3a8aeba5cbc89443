package dev.bulkhead.server.main;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Lets the libraries speak only when something is wrong. */
final class QuietLogs {
    private static final List<String> LOUD = List.of(
            "com.hivemq",
            "event",
            "jetbrains.exodus",
            "io.netty",
            "org.eclipse.jetty",
            "io.javalin",
            "com.zaxxer",
            "org.flywaydb",
            "oshi",
            "com.google",
            "org.jdbi");

    private QuietLogs() {}

    static void apply() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            LOUD.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        }
    }
}
