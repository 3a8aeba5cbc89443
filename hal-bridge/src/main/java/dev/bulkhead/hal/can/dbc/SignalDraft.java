package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.dbc.DbcSignal.Form;
import dev.bulkhead.hal.can.dbc.DbcSignal.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A signal while its file is still being read: later statements add to it. */
final class SignalDraft {
    final String name;
    final int line;
    final int start;
    final int length;
    final boolean bigEndian;
    final boolean signed;
    boolean multiplexer;
    OptionalLong multiplexValue = OptionalLong.empty();
    double factor = 1;
    double offset;
    double min;
    double max;
    String unit = "";
    Form form = Form.INTEGER;
    Optional<String> multiplexedBy = Optional.empty();
    List<Span> spans = new ArrayList<>();
    Map<Long, String> values = new HashMap<>();
    List<String> receivers = new ArrayList<>();
    /** The name where it is over 32 characters and the file cuts it. */
    Optional<String> longName = Optional.empty();

    String comment = "";

    SignalDraft(String name, int line, int start, int length, boolean bigEndian, boolean signed) {
        this.name = name;
        this.line = line;
        this.start = start;
        this.length = length;
        this.bigEndian = bigEndian;
        this.signed = signed;
    }

    DbcSignal finished() {
        boolean ranged = min != max;
        return new DbcSignal(
                longName.orElse(name),
                start,
                length,
                bigEndian,
                signed,
                form,
                factor,
                offset,
                ranged ? OptionalDouble.of(min) : OptionalDouble.empty(),
                ranged ? OptionalDouble.of(max) : OptionalDouble.empty(),
                unit,
                multiplexer,
                multiplexedBy,
                spans,
                values,
                receivers,
                comment);
    }
}
