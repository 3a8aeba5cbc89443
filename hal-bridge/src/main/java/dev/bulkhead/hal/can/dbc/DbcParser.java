package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.DbcTokens.Kind;
import dev.bulkhead.hal.can.dbc.DbcTokens.Unexpected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one DBC file statement by statement. A statement it cannot read is skipped with a warning; only a file without any message is
 * refused. Used once.
 */
final class DbcParser {
    static final int MAX_MESSAGES = 65_536;
    static final int MAX_SIGNALS = 4_096;
    static final int MAX_WARNINGS = 1_000;

    private static final Set<String> STATEMENTS = Set.of(
            "VERSION",
            "NS_",
            "BS_",
            "BU_",
            "BO_",
            "SG_",
            "EV_",
            "CM_",
            "VAL_",
            "VAL_TABLE_",
            "BA_",
            "BA_DEF_",
            "BA_DEF_DEF_",
            "BA_DEF_REL_",
            "BA_REL_",
            "BA_DEF_DEF_REL_",
            "BA_SGTYPE_",
            "BU_SG_REL_",
            "BU_EV_REL_",
            "BU_BO_REL_",
            "BO_TX_BU_",
            "SIG_GROUP_",
            "SIG_VALTYPE_",
            "SIG_TYPE_REF_",
            "SIGTYPE_VALTYPE_",
            "SGTYPE_",
            "SGTYPE_VAL_",
            "SG_MUL_VAL_",
            "ENVVAR_DATA_",
            "EV_DATA_",
            "CAT_DEF_",
            "CAT_",
            "FILTER");

    private final String source;
    private final DbcTokens tokens;
    private final List<String> warnings = new ArrayList<>();
    private final Map<Long, MessageDraft> messages = new LinkedHashMap<>();
    private final List<MessageDraft> inOrder = new ArrayList<>();
    private final DbcAnnotations annotations;
    private @Nullable MessageDraft current;

    DbcParser(String source, String text) {
        this.source = source;
        this.tokens = new DbcTokens(text);
        this.annotations = new DbcAnnotations(tokens, messages, this::warn);
    }

    DbcDatabase parse() {
        while (tokens.kind() != Kind.END) {
            int line = tokens.line();
            try {
                statement();
            } catch (Unexpected e) {
                warn(
                        line,
                        e.getMessage() + (tokens.line() == line ? "" : " in line " + tokens.line())
                                + "; statement skipped");
                if (!(tokens.firstOnLine() && STATEMENTS.contains(tokens.token()))) {
                    tokens.skipToLineBeginningWith(STATEMENTS);
                }
            }
        }
        if (tokens.endlessTextLine() > 0) {
            warn(tokens.endlessTextLine(), "a quoted text begins here that does not end");
        }
        if (inOrder.isEmpty()) {
            String first = warnings.isEmpty() ? "" : "; " + warnings.getFirst();
            throw new DbcException(source + " holds no CAN message, so it is no DBC file" + first);
        }
        List<DbcMessage> finished = new ArrayList<>();
        for (MessageDraft draft : inOrder) {
            finished.add(draft.finished(annotations.defaultCycle(), this::warn));
        }
        return new DbcDatabase(finished, warnings);
    }

    private void warn(int line, @Nullable String what) {
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add("line " + line + ": " + what);
        } else if (warnings.size() == MAX_WARNINGS) {
            warnings.add("more warnings left out");
        }
    }

    private void statement() throws Unexpected {
        String keyword = tokens.isWord() ? tokens.token() : "";
        switch (keyword) {
            case "BO_" -> message();
            case "SG_" -> signal();
            case "NS_" -> newSymbols();
            case "CM_" -> annotations.comment();
            case "BA_" -> annotations.attribute();
            case "BA_DEF_DEF_" -> annotations.attributeDefault();
            case "VAL_" -> annotations.values();
            case "VAL_TABLE_" -> annotations.valueTable();
            case "SIG_VALTYPE_" -> annotations.valueType();
            case "SG_MUL_VAL_" -> annotations.extendedMultiplexing();
            default -> other(keyword);
        }
    }

    private void other(String keyword) throws Unexpected {
        if (!STATEMENTS.contains(keyword)) {
            throw tokens.unexpected("a DBC statement");
        }
        tokens.skipToLineBeginningWith(STATEMENTS);
    }

    /** The list of keywords a newer file may use: one word a line. */
    private void newSymbols() throws Unexpected {
        tokens.advance();
        tokens.takeIf(":");
        while (tokens.isWord() && !isRealStatement()) {
            tokens.advance();
        }
    }

    private boolean isRealStatement() {
        return Set.of("BS_", "BU_", "BO_").contains(tokens.token());
    }

    private void message() throws Unexpected {
        int line = tokens.line();
        current = null;
        tokens.advance();
        long id = tokens.takeInteger("a message id");
        String name = tokens.takeWord("a message name");
        tokens.take(":");
        long length = tokens.takeInteger("a message length");
        String sender = tokens.isWord() && !tokens.firstOnLine() ? tokens.takeWord("a sender") : "";
        if (id < 0 || id > 0xFFFF_FFFFL) {
            throw new Unexpected("message id " + id + " has more than 32 bits");
        }
        if (length < 0 || length > 64) {
            warn(
                    line,
                    "message " + name + " is " + length + " bytes long, a frame has at most 64; taken as "
                            + Math.clamp(length, 0, 64));
        }
        if (inOrder.size() >= MAX_MESSAGES) {
            throw new Unexpected("more than " + MAX_MESSAGES + " messages");
        }
        add(new MessageDraft(id, name, line, Math.clamp(length, 0, 64), sender));
    }

    private void add(MessageDraft draft) {
        if ((draft.writtenId & 0x8000_0000L) == 0 && draft.writtenId > CanFrame.STANDARD_MASK) {
            warn(
                    draft.line,
                    "id " + draft.writtenId + " of message " + draft.name
                            + " has over 11 bits, yet bit 31 is not set; taken as extended");
        }
        MessageDraft before = messages.putIfAbsent(draft.writtenId, draft);
        if (before != null) {
            warn(
                    draft.line,
                    "message " + draft.name + " has the id of " + before.name + " in line " + before.line
                            + "; frames are decoded as the first");
        }
        inOrder.add(draft);
        current = draft;
    }

    private void signal() throws Unexpected {
        int line = tokens.line();
        tokens.advance();
        MessageDraft message = current;
        if (message == null) {
            throw new Unexpected("a signal outside a message");
        }
        String name = tokens.takeWord("a signal name");
        String multiplexing = tokens.isWord() ? tokens.takeWord("a multiplexer mark") : "";
        tokens.take(":");
        long start = tokens.takeInteger("a start bit");
        tokens.take("|");
        long length = tokens.takeInteger("a length in bits");
        tokens.take("@");
        String order = tokens.takeWord("byte order and sign");
        if (start < 0 || start > 511 || length < 1 || length > 64) {
            throw new Unexpected("signal " + name + " at bit " + start + " of " + length
                    + " bits; a frame has bits 0 to 511, a signal 1 to 64");
        }
        if (!order.matches("[01][+-]")) {
            throw new Unexpected("byte order and sign of " + name + " are '" + order + "', not 0+, 0-, 1+ or 1-");
        }
        SignalDraft draft =
                new SignalDraft(name, line, (int) start, (int) length, order.charAt(0) == '0', order.charAt(1) == '-');
        multiplexing(draft, multiplexing);
        scaling(draft);
        receivers(draft);
        if (message.signals.size() >= MAX_SIGNALS) {
            throw new Unexpected("more than " + MAX_SIGNALS + " signals in one message");
        }
        if (message.signal(name).isPresent()) {
            warn(line, "message " + message.name + " has two signals named " + name);
        }
        message.signals.add(draft);
    }

    private void multiplexing(SignalDraft draft, String mark) throws Unexpected {
        if (mark.isEmpty()) {
            return;
        }
        if (mark.equals("m")) {
            warn(draft.line, "signal " + draft.name + " is marked 'm' without a value; taken as always there");
            return;
        }
        if (!mark.matches("M|m[0-9]{1,10}M?")) {
            throw new Unexpected("multiplexer mark '" + mark + "' of " + draft.name + " is not M, m<n> or m<n>M");
        }
        draft.multiplexer = mark.endsWith("M");
        if (mark.startsWith("m")) {
            draft.multiplexValue = OptionalLong.of(Long.parseLong(mark.replaceAll("[mM]", "")));
        }
    }

    private void scaling(SignalDraft draft) throws Unexpected {
        tokens.take("(");
        draft.factor = tokens.takeNumber("a factor");
        tokens.take(",");
        draft.offset = tokens.takeNumber("an offset");
        tokens.take(")");
        tokens.take("[");
        draft.min = tokens.takeNumber("a minimum");
        tokens.take("|");
        draft.max = tokens.takeNumber("a maximum");
        tokens.take("]");
        draft.unit = tokens.takeQuoted("a unit");
        if (draft.factor == 0) {
            warn(draft.line, "factor of signal " + draft.name + " is 0; taken as 1");
            draft.factor = 1;
        }
    }

    private void receivers(SignalDraft draft) {
        while (!tokens.firstOnLine() && (tokens.isWord() || tokens.is(","))) {
            if (tokens.isWord()) {
                draft.receivers.add(tokens.token());
            }
            tokens.advance();
        }
    }
}
