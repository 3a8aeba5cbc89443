package dev.bulkhead.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ReaderGoneTest {
    @Command(name = "endless")
    private static final class Endless implements Runnable {
        @Mixin
        private Output output;

        @Override
        public void run() {
            while (true) {
                output.line("one more");
                output.checkReader();
            }
        }
    }

    /** A pipe whose other end was closed after so many bytes. */
    private static final class Pipe extends OutputStream {
        private int left = 100;

        @Override
        public void write(int one) throws IOException {
            if (left-- <= 0) {
                throw new IOException("Broken pipe");
            }
        }
    }

    @Test
    @Timeout(20)
    void endsAnEndlessCommandWithoutAWord() {
        StringWriter err = new StringWriter();
        int status = new CommandLine(new Endless())
                .setExecutionExceptionHandler(new ErrorPrinter())
                .setOut(new PrintWriter(
                        new PrintStream(new Pipe(), false, StandardCharsets.UTF_8), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err))
                .execute();
        assertEquals(141, status);
        assertEquals("", err.toString());
    }
}
