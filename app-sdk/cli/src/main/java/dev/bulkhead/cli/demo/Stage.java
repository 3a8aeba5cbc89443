package dev.bulkhead.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.Main;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Where the demo runs its commands: shows each as it would be typed, and what it says. */
final class Stage {
    private final Output output;
    private final Path home;
    private final String install = Path.of(System.getProperty("bulkhead.home", ".")) + "/";
    private final ObjectMapper json = new ObjectMapper();
    private int step;

    Stage(Output output, Path home) {
        this.output = output;
        this.home = home;
    }

    Path home() {
        return home;
    }

    /** Opens the next chapter. */
    void title(String text) {
        step++;
        output.line("");
        output.line(Style.BOLD, step + ". " + text);
    }

    /** A line of the story. */
    void say(String text) {
        output.line("   " + text);
    }

    /** A line that says something went as it must. */
    void good(String text) {
        output.line("   " + output.paint(Style.GOOD, "✓") + " " + text);
    }

    /** Runs a command and shows it with its output; it must succeed. */
    void run(String... args) {
        Told told = execute(List.of(args));
        show(args, told);
        if (told.status() != 0) {
            throw new StepFailed("bulkhead " + String.join(" ", args) + " ended with status " + told.status() + ": "
                    + told.err().strip());
        }
    }

    /** Runs a command that must be refused with this exit status; gives what it said. */
    String refused(int status, String... args) {
        Told told = execute(List.of(args));
        show(args, told);
        if (told.status() != status) {
            throw new StepFailed("bulkhead " + String.join(" ", args) + " should end with status " + status + ", not "
                    + told.status());
        }
        return told.err();
    }

    /** Runs a command with {@code --json} without showing it; gives its document. */
    JsonNode ask(String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        words.add("--json");
        Told told = execute(words);
        if (told.status() != 0) {
            throw new StepFailed("bulkhead " + String.join(" ", words) + ": " + told.out() + told.err());
        }
        try {
            return json.readTree(told.out());
        } catch (IOException e) {
            throw new StepFailed("bulkhead " + String.join(" ", words) + " did not print one JSON document");
        }
    }

    private record Told(int status, String out, String err) {}

    private Told execute(List<String> args) {
        List<String> words = new ArrayList<>(args);
        if (!words.contains("pack") && !words.contains("inspect")) {
            words.add("--home");
            words.add(home.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(words.toArray(String[]::new));
        return new Told(status, out.toString(), err.toString());
    }

    private void show(String[] args, Told told) {
        output.line("   " + output.paint(Style.ACCENT, "$ bulkhead " + brief(String.join(" ", args))));
        (told.out() + told.err()).lines().forEach(line -> output.line("     " + brief(line)));
    }

    private String brief(String text) {
        return text.replace(home.toString(), "$BULKHEAD_HOME").replace(install, "");
    }
}
