package dev.bulkhead.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Types commands and reads what they print, in this process. */
public final class Terminal {
    private Terminal() {}

    /** What one command left behind. */
    public record Screen(int status, String out, String err) {
        public Screen expect(int wanted) {
            assertEquals(wanted, status, out + err);
            return this;
        }

        /** Standard output, which must be one JSON document and nothing else. */
        public JsonNode document() {
            ObjectMapper mapper = new ObjectMapper();
            try (JsonParser parser = mapper.createParser(out)) {
                JsonNode document = mapper.readTree(parser);
                JsonToken more = parser.nextToken();
                assertEquals(null, more, () -> "more than one document: " + out);
                return document;
            } catch (IOException e) {
                throw new UncheckedIOException("no JSON document: " + out + err, e);
            }
        }
    }

    public static Screen type(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(words);
        return new Screen(status, out.toString(), err.toString());
    }

    /** Types a command that must succeed with {@code --json}; gives its document. */
    public static JsonNode ask(String... words) {
        return type(Stream.concat(Arrays.stream(words), Stream.of("--json")).toArray(String[]::new))
                .expect(0)
                .document();
    }
}
