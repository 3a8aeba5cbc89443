package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.dbc.DbcSignal.Form;
import dev.bulkhead.hal.can.dbc.DbcSignal.Span;
import dev.bulkhead.hal.can.dbc.DbcTokens.Kind;
import dev.bulkhead.hal.can.dbc.DbcTokens.Unexpected;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** The statements that add to messages and signals told of before: comments, attributes, value tables, types, multiplexing. */
final class DbcAnnotations {
    private static final String CYCLE_TIME = "GenMsgCycleTime";
    private static final String LONG_MESSAGE_NAME = "SystemMessageLongSymbol";
    private static final String LONG_SIGNAL_NAME = "SystemSignalLongSymbol";
    private static final int MAX_TABLE = 65_536;

    private final DbcTokens tokens;
    private final Map<Long, MessageDraft> messages;
    private final BiConsumer<Integer, String> warn;
    private final Map<String, Map<Long, String>> tables = new HashMap<>();
    private OptionalInt defaultCycle = OptionalInt.empty();

    DbcAnnotations(DbcTokens tokens, Map<Long, MessageDraft> messages, BiConsumer<Integer, String> warn) {
        this.tokens = tokens;
        this.messages = messages;
        this.warn = warn;
    }

    /** What holds for messages whose own statement is missing. */
    OptionalInt defaultCycle() {
        return defaultCycle;
    }

    /** {@code CM_ [BU_ node|BO_ id|SG_ id signal|EV_ name] "text";} */
    void comment() throws Unexpected {
        int line = tokens.line();
        tokens.advance();
        String of = tokens.isWord() ? tokens.takeWord("BU_, BO_, SG_ or EV_") : "";
        switch (of) {
            case "BO_" -> {
                Optional<MessageDraft> message = message(line);
                String text = tokens.takeQuoted("a comment");
                message.ifPresent(found -> found.comment = text);
            }
            case "SG_" -> {
                Optional<SignalDraft> signal = signal(line);
                String text = tokens.takeQuoted("a comment");
                signal.ifPresent(found -> found.comment = text);
            }
            case "" -> tokens.takeQuoted("a comment");
            default -> {
                tokens.takeWord("a name");
                tokens.takeQuoted("a comment");
            }
        }
        end();
    }

    /** {@code BA_ "name" [BU_ node|BO_ id|SG_ id signal|EV_ name] value;} of which cycle times and long names are kept. */
    void attribute() throws Unexpected {
        int line = tokens.line();
        tokens.advance();
        String name = tokens.takeQuoted("an attribute name");
        String of = tokens.isWord() ? tokens.token() : "";
        if (of.equals("BO_") && name.equals(CYCLE_TIME)) {
            tokens.advance();
            Optional<MessageDraft> message = message(line);
            double millis = tokens.takeNumber("a cycle time in ms");
            message.ifPresent(found -> found.cycleMillis = cycle(millis));
            end();
        } else if (of.equals("BO_") && name.equals(LONG_MESSAGE_NAME)) {
            tokens.advance();
            Optional<MessageDraft> message = message(line);
            String longName = tokens.takeQuoted("a message name");
            message.ifPresent(found -> found.longName = Optional.of(longName));
            end();
        } else if (of.equals("SG_") && name.equals(LONG_SIGNAL_NAME)) {
            tokens.advance();
            Optional<SignalDraft> signal = signal(line);
            String longName = tokens.takeQuoted("a signal name");
            signal.ifPresent(found -> found.longName = Optional.of(longName));
            end();
        } else {
            skipToEnd();
        }
    }

    /** {@code BA_DEF_DEF_ "name" value;} */
    void attributeDefault() throws Unexpected {
        tokens.advance();
        String name = tokens.takeQuoted("an attribute name");
        if (!name.equals(CYCLE_TIME)) {
            skipToEnd();
            return;
        }
        defaultCycle = cycle(tokens.takeNumber("a cycle time in ms"));
        end();
    }

    private static OptionalInt cycle(double millis) {
        return OptionalInt.of((int) Math.clamp(millis, 0, 86_400_000));
    }

    /** {@code VAL_TABLE_ name 0 "text" …;} */
    void valueTable() throws Unexpected {
        tokens.advance();
        String name = tokens.takeWord("a table name");
        tables.put(name, table());
        end();
    }

    /** {@code VAL_ id signal 0 "text" …;}, or the name of a table, or the values of an environment variable. */
    void values() throws Unexpected {
        int line = tokens.line();
        tokens.advance();
        if (!tokens.token().matches("[0-9]+")) {
            skipToEnd();
            return;
        }
        Optional<SignalDraft> signal = signal(line);
        Map<Long, String> values = tables.getOrDefault(tokens.token(), Map.of());
        if (values.isEmpty()) {
            values = table();
        } else {
            tokens.advance();
        }
        Map<Long, String> found = values;
        signal.ifPresent(draft -> draft.values.putAll(found));
        end();
    }

    private Map<Long, String> table() throws Unexpected {
        Map<Long, String> table = new LinkedHashMap<>();
        while (tokens.isWord() && (!tokens.firstOnLine() || tokens.token().matches("-?[0-9.]+"))) {
            long raw = tokens.takeInteger("a raw value");
            String text = tokens.takeQuoted("the text of a value");
            if (table.size() >= MAX_TABLE) {
                throw new Unexpected("a table of more than " + MAX_TABLE + " values");
            }
            table.put(raw, text);
        }
        return table;
    }

    /** {@code SIG_VALTYPE_ id signal : 1;} 1 is float, 2 double. */
    void valueType() throws Unexpected {
        int line = tokens.line();
        tokens.advance();
        Optional<SignalDraft> signal = signal(line);
        tokens.takeIf(":");
        long type = tokens.takeInteger("a value type");
        signal.ifPresent(draft -> typed(draft, type, line));
        end();
    }

    private void typed(SignalDraft draft, long type, int line) {
        int wanted = type == 1 ? 32 : 64;
        if (type < 0 || type > 2) {
            warn.accept(line, "value type " + type + " of " + draft.name + " is not 0, 1 or 2; taken as integer");
        } else if (type > 0 && draft.length != wanted) {
            warn.accept(
                    line,
                    draft.name + " is a floating point number of " + draft.length + " bits, not " + wanted
                            + "; taken as integer");
        } else if (type > 0) {
            draft.form = type == 1 ? Form.FLOAT : Form.DOUBLE;
        }
    }

    /** {@code SG_MUL_VAL_ id signal multiplexer 3-3, 5-10;} */
    void extendedMultiplexing() throws Unexpected {
        int line = tokens.line();
        tokens.advance();
        Optional<SignalDraft> signal = signal(line);
        String multiplexer = tokens.takeWord("the multiplexer's name");
        signal.ifPresent(draft -> {
            draft.multiplexedBy = Optional.of(multiplexer);
            draft.spans.clear();
        });
        while (tokens.isWord() || tokens.is(",")) {
            if (tokens.takeIf(",")) {
                continue;
            }
            Span span = span(tokens.takeWord("a range of values"));
            signal.ifPresent(draft -> draft.spans.add(span));
        }
        end();
    }

    private static Span span(String text) throws Unexpected {
        String[] ends = text.split("-", -1);
        if (ends.length != 2 || !ends[0].matches("[0-9]{1,18}") || !ends[1].matches("[0-9]{1,18}")) {
            throw new Unexpected("range '" + text + "' is not <from>-<to>");
        }
        return new Span(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
    }

    private Optional<MessageDraft> message(int line) throws Unexpected {
        long id = tokens.takeInteger("a message id");
        Optional<MessageDraft> message = Optional.ofNullable(messages.get(id));
        if (message.isEmpty()) {
            warn.accept(line, "no message has the id " + id);
        }
        return message;
    }

    private Optional<SignalDraft> signal(int line) throws Unexpected {
        Optional<MessageDraft> message = message(line);
        String name = tokens.takeWord("a signal name");
        Optional<SignalDraft> signal = message.flatMap(found -> found.signal(name));
        if (message.isPresent() && signal.isEmpty()) {
            warn.accept(line, "message " + message.get().name + " has no signal " + name);
        }
        return signal;
    }

    private void skipToEnd() {
        while (tokens.kind() != Kind.END && !endOfStatement()) {
            tokens.advance();
        }
        tokens.takeIf(";");
    }

    private boolean endOfStatement() {
        return tokens.is(";")
                || (tokens.firstOnLine() && tokens.isWord() && tokens.token().matches("(BA|CM|VAL|BO|SG|SIG)_.*"));
    }

    /** Ends a statement; a missing semicolon is forgiven at the end of a line. */
    private void end() throws Unexpected {
        if (!tokens.takeIf(";") && !tokens.firstOnLine() && tokens.kind() != Kind.END) {
            throw tokens.unexpected("';'");
        }
    }
}
