package dev.bulkhead.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OperatorLogTest {
    @Test
    void isFoundByTheLoggingLibrary() {
        Logger root = assertInstanceOf(LoggerContext.class, LoggerFactory.getILoggerFactory())
                .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Iterator<?> appenders = root.iteratorForAppenders();
        ConsoleAppender<?> console = assertInstanceOf(ConsoleAppender.class, appenders.next());
        assertEquals("System.err", console.getTarget());
        assertFalse(appenders.hasNext());
    }

    @Test
    void tellsWarningsOnStandardErrorInOneLineAndKeepsTheRestToItself() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            LoggerContext logs = new LoggerContext();
            logs.setMDCAdapter(new LogbackMDCAdapter());
            new OperatorLog().configure(logs);
            logs.getLogger("dev.bulkhead.agent.Thing").warn("{} is odd", "this");
            logs.getLogger("dev.bulkhead.agent.Thing").info("this is not");
        } finally {
            System.setErr(before);
        }
        String text = told.toString(StandardCharsets.UTF_8);
        assertTrue(text.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Thing: this is odd\\R"), text);
    }
}
