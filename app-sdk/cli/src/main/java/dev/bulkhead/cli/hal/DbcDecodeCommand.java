package dev.bulkhead.cli.hal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CandumpLine;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcSignal;
import dev.bulkhead.hal.can.dbc.FrameValues;
import dev.bulkhead.hal.can.dbc.MessageCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead dbc decode}: a candump log in, signals out. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        description =
                "Decode a candump log. With --json one line a frame; a frame the file does not know has the message null.",
        footer = {
            "",
            "Examples:",
            "  bulkhead dbc decode car.dbc drive.log",
            "  candump -L can0 | bulkhead dbc decode car.dbc - --json"
        })
public final class DbcDecodeCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Output output;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "A DBC file, or 'default'.")
    private Path file;

    @Parameters(index = "1", paramLabel = "LOG", description = "A candump log, or - for standard input.")
    private Path log;

    private final Map<MessageCodec, FrameValues> values = new HashMap<>();

    @Override
    public void run() {
        BusCodec codec = new BusCodec(HalFiles.dbc(file));
        try (BufferedReader reader = open()) {
            decode(codec, reader);
        } catch (IOException e) {
            throw FileFault.unread(log, e, "check the path");
        }
    }

    private BufferedReader open() throws IOException {
        return log.toString().equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))
                : Files.newBufferedReader(log, StandardCharsets.ISO_8859_1);
    }

    private void decode(BusCodec codec, BufferedReader reader) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                CandumpLine frame = CandumpLine.parse(line);
                out.println(output.isJson() ? json(codec, frame) : text(codec, frame));
                output.checkReader();
            } catch (CandumpLine.CandumpException e) {
                output.note(log + " line " + number + ": " + e.getMessage());
            }
        }
        out.flush();
    }

    private String json(BusCodec codec, CandumpLine line) throws JsonProcessingException {
        Optional<MessageCodec> message = find(codec, line.frame());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("time", BigDecimal.valueOf(line.unixMicros(), 6));
        document.put("bus", line.bus());
        document.put("id", line.frame().id());
        document.put("message", message.map(found -> found.message().name()).orElse(null));
        Map<String, Object> signals = new LinkedHashMap<>();
        message.ifPresent(found -> decode(
                found,
                line.frame(),
                (signal, raw, value) ->
                        signals.put(signal.name(), Double.isFinite(value) ? (Object) value : Double.toString(value))));
        document.put("signals", signals);
        return JSON.writeValueAsString(document);
    }

    private String text(BusCodec codec, CandumpLine line) {
        Optional<MessageCodec> message = find(codec, line.frame());
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "(%d.%06d) %s ",
                line.unixMicros() / 1_000_000,
                line.unixMicros() % 1_000_000,
                line.bus()));
        if (message.isEmpty()) {
            return text.append(line.frame()).toString();
        }
        text.append(message.get().message().name());
        decode(message.get(), line.frame(), (signal, raw, value) -> {
            String label = signal.values().get(raw);
            text.append(' ').append(signal.name()).append('=');
            text.append(
                    label != null
                            ? label
                            : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
            text.append(label == null ? signal.unit() : "");
        });
        return text.toString();
    }

    private static Optional<MessageCodec> find(BusCodec codec, CanFrame frame) {
        return frame.isError() || frame.isRemote() ? Optional.empty() : codec.find(frame.idWord());
    }

    /** Takes one decoded signal. */
    private interface Sink {
        void signal(DbcSignal signal, long raw, double value);
    }

    private void decode(MessageCodec codec, CanFrame frame, Sink sink) {
        FrameValues into = values.computeIfAbsent(codec, MessageCodec::newValues);
        codec.decode(frame, into);
        for (int i = 0; i < into.count(); i++) {
            sink.signal(codec.message().signals().get(into.index(i)), into.raw(i), into.value(i));
        }
    }
}
