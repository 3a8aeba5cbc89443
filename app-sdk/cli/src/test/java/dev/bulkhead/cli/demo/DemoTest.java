package dev.bulkhead.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The main job, end to end, with a real server and a real agent in processes of their own. */
final class DemoTest {
    private static final String HOME = "bulkhead.home";

    private @Nullable String before;

    @BeforeEach
    void standInTheProject() {
        before = System.getProperty(HOME);
        System.setProperty(
                HOME, Path.of("..", "..").toAbsolutePath().normalize().toString());
    }

    @AfterEach
    void goBack() {
        if (before == null) {
            System.clearProperty(HOME);
        } else {
            System.setProperty(HOME, before);
        }
    }

    @Test
    void theWholeStoryEndsWell() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("demo");
        String last = out.toString().strip().lines().reduce((a, b) -> b).orElse("");
        assertEquals("demo: ok", last, () -> out + "\n" + err);
        assertEquals(0, status);
    }
}
