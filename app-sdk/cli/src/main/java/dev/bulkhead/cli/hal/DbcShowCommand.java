package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.notation.NearestWord;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.dbc.DbcMessage;
import dev.bulkhead.hal.can.dbc.DbcSignal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead dbc show}: the messages and signals of a file. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "List the messages and signals of a DBC file, and what is odd about it.",
        footer = {"", "Examples:", "  bulkhead dbc show default", "  bulkhead dbc show car.dbc --message Brake --json"})
public final class DbcShowCommand implements Runnable {
    @Mixin
    private Output output;

    @Parameters(paramLabel = "FILE", description = "A DBC file, or 'default'.")
    private Path file;

    @Option(names = "--message", paramLabel = "NAME", description = "Only this message.")
    private @Nullable String wanted;

    @Override
    public void run() {
        DbcDatabase database = HalFiles.dbc(file);
        List<DbcMessage> messages = database.messages().stream()
                .filter(message -> wanted == null || message.name().equals(wanted))
                .toList();
        if (wanted != null && messages.isEmpty()) {
            throw CommandFailure.failed(
                    file + " has no message " + wanted,
                    NearestWord.to(
                                    wanted,
                                    database.messages().stream()
                                            .map(DbcMessage::name)
                                            .toList())
                            .map(near -> "--message " + near)
                            .orElse("bulkhead dbc show " + file + " lists them"));
        }
        if (output.isJson()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put(
                    "messages", messages.stream().map(DbcShowCommand::document).toList());
            document.put("warnings", database.warnings());
            output.json(document);
            return;
        }
        messages.forEach(this::print);
        database.warnings().forEach(warning -> output.note(output.paint(Style.WARN, file + " " + warning)));
    }

    private void print(DbcMessage message) {
        String cycle = message.cycleMillis().isPresent()
                ? ", every " + message.cycleMillis().getAsInt() + " ms"
                : "";
        output.line(
                Style.GOOD,
                String.format(
                        Locale.ROOT,
                        message.extended() ? "%08X %s" : "%03X %s",
                        message.id(),
                        message.name() + ": " + message.length() + " bytes from " + message.sender() + cycle));
        Table table = new Table("  SIGNAL", ">START", ">BITS", "ORDER", ">FACTOR", ">OFFSET", "RANGE", "UNIT", "WHEN");
        for (DbcSignal signal : message.signals()) {
            table.row(
                    "  " + signal.name(),
                    signal.start(),
                    signal.length(),
                    (signal.bigEndian() ? "Motorola" : "Intel") + (signal.signed() ? " ±" : ""),
                    signal.factor(),
                    signal.offset(),
                    range(signal),
                    signal.unit(),
                    signal.multiplexedBy()
                            .map(by -> by + " " + signal.multiplexValues().size() + "×")
                            .orElse(""));
        }
        output.table(table);
    }

    private static String range(DbcSignal signal) {
        return signal.min().isEmpty()
                ? ""
                : signal.min().getAsDouble() + ".." + signal.max().orElse(Double.NaN);
    }

    private static Map<String, Object> document(DbcMessage message) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", message.name());
        document.put("id", Integer.toUnsignedLong(message.id()));
        document.put("extended", message.extended());
        document.put("length", message.length());
        document.put("sender", message.sender());
        document.put(
                "cycleMs",
                message.cycleMillis().isPresent() ? message.cycleMillis().getAsInt() : null);
        document.put("comment", message.comment());
        document.put("independent", message.independent());
        document.put(
                "signals",
                message.signals().stream().map(DbcShowCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(DbcSignal signal) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", signal.name());
        document.put("start", signal.start());
        document.put("length", signal.length());
        document.put("bigEndian", signal.bigEndian());
        document.put("signed", signal.signed());
        document.put("float", signal.form() != DbcSignal.Form.INTEGER);
        document.put("factor", signal.factor());
        document.put("offset", signal.offset());
        document.put("min", number(signal.min()));
        document.put("max", number(signal.max()));
        document.put("unit", signal.unit());
        document.put("multiplexer", signal.multiplexer());
        document.put("multiplexedBy", signal.multiplexedBy().orElse(null));
        document.put("multiplexValues", signal.multiplexValues());
        document.put("values", signal.values());
        document.put("comment", signal.comment());
        return document;
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
