package dev.bulkhead.cli.output;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The output options every command shares, to be mixed in. Text and tables go to standard output for a person; with
 * {@code --json} they are silent and standard output carries one JSON document, given by {@link #json}. Notes and
 * progress go to standard error.
 */
public final class Output {
    /** When to colour. */
    public enum Colour {
        auto,
        always,
        never
    }

    @Option(names = "--json", description = "Print one JSON document on standard output and nothing else.")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "Colour the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Colour colour = Colour.auto;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    public boolean isJson() {
        return json;
    }

    /** Prints the command's one document. Records and maps become objects, lists arrays. */
    public void json(Object document) {
        try {
            out().println(new ObjectMapper()
                    .findAndRegisterModules()
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(document));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        out().flush();
    }

    /** Ends a command that would go on for ever when whoever read standard output has gone, as {@code head} does. */
    public void checkReader() {
        if (out().checkError()) {
            throw new ReaderGone();
        }
    }

    /** A line for a person; nothing when a program reads. */
    public void line(String text) {
        if (!json) {
            out().println(text);
            out().flush();
        }
    }

    /** A styled line for a person. */
    public void line(Style style, String text) {
        line(paint(style, text));
    }

    public void table(Table table) {
        table.render(coloured()).forEach(this::line);
    }

    /** A remark on standard error, whatever reads standard output. */
    public void note(String text) {
        err().println(text);
        err().flush();
    }

    /** The text in that style where colours are on, else as it is. */
    public String paint(Style style, String text) {
        return coloured() ? style.paint(text) : text;
    }

    /** A bar for long work, drawn on standard error when that is a terminal. */
    public Progress progress(String label, long total) {
        return new Progress(err(), label, total, terminal() && !json);
    }

    /** Whether a person sits at a terminal and reads. */
    public boolean isTerminal() {
        return !json && terminal();
    }

    private boolean coloured() {
        return switch (colour) {
            case always -> !json;
            case never -> false;
            case auto -> !json && terminal() && System.getenv("NO_COLOR") == null;
        };
    }

    private static boolean terminal() {
        return System.console() != null && System.console().isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    private PrintWriter out() {
        return mixee.commandLine().getOut();
    }

    private PrintWriter err() {
        return mixee.commandLine().getErr();
    }
}
