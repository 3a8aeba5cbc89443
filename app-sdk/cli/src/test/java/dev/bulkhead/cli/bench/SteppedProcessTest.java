package dev.bulkhead.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SteppedProcessTest {
    @Test
    void eachNumberIsAnsweredBeforeTheNextIsSent() throws IOException {
        try (SteppedProcess echo = SteppedProcess.start(List.of("cat"))) {
            assertEquals(7, echo.call(7));
            assertEquals(5_000_000, echo.call(5_000_000));
        }
    }

    @Test
    void theResultStandsBehindTheTime() throws IOException {
        try (SteppedProcess timed =
                SteppedProcess.start(List.of("sh", "-c", "while read -r n; do echo 0.5 $n; done"))) {
            assertEquals(0.5, timed.call(7));
            assertEquals(7, timed.result(7));
        }
    }

    @Test
    void aTimeWithoutAResultIsAnError() throws IOException {
        try (SteppedProcess echo = SteppedProcess.start(List.of("cat"))) {
            assertThrows(IOException.class, () -> echo.result(7));
        }
    }

    @Test
    void aProcessThatEndsInsteadOfAnsweringIsAnError() throws IOException {
        try (SteppedProcess deaf = SteppedProcess.start(List.of("true"))) {
            assertThrows(IOException.class, () -> deaf.call(7));
        }
    }

    @Test
    void aBoundProcessMayUseOneProcessorOnly() throws IOException, InterruptedException {
        String ask = "while read -r n; do grep -c '^Cpus_allowed_list:[[:space:]]*[0-9]*$' /proc/$$/status; done";
        try (SteppedProcess shell = SteppedProcess.start(List.of("sh", "-c", ask))) {
            shell.call(1);
            shell.bind();
            assertEquals(1, shell.call(1));
        }
    }
}
