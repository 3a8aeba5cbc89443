package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.DbcSignal.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** A message while its file is still being read. */
final class MessageDraft {
    private static final long INDEPENDENT = 0xC000_0000L;

    final long writtenId;
    final String name;
    final int line;
    final int length;
    final String sender;
    final List<SignalDraft> signals = new ArrayList<>();
    OptionalInt cycleMillis = OptionalInt.empty();
    /** The name where it is over 32 characters and the file cuts it. */
    Optional<String> longName = Optional.empty();

    String comment = "";

    MessageDraft(long writtenId, String name, int line, int length, String sender) {
        this.writtenId = writtenId;
        this.name = name;
        this.line = line;
        this.length = length;
        this.sender = sender;
    }

    boolean independent() {
        return writtenId == INDEPENDENT;
    }

    boolean extended() {
        return (writtenId & 0x8000_0000L) != 0 || writtenId > CanFrame.STANDARD_MASK;
    }

    int id() {
        return (int) (writtenId & CanFrame.EXTENDED_MASK);
    }

    Optional<SignalDraft> signal(String wanted) {
        return signals.stream().filter(signal -> signal.name.equals(wanted)).findFirst();
    }

    DbcMessage finished(OptionalInt defaultCycle, BiConsumer<Integer, String> warn) {
        resolveMultiplexing(warn);
        for (SignalDraft signal : signals) {
            checkRoom(signal, warn);
        }
        OptionalInt cycle = cycleMillis.isPresent() ? cycleMillis : defaultCycle;
        return new DbcMessage(
                independent() ? 0 : id(),
                !independent() && extended(),
                longName.orElse(name),
                length,
                sender,
                signals.stream().map(this::finished).toList(),
                cycle.isPresent() && cycle.getAsInt() > 0 && !independent() ? cycle : OptionalInt.empty(),
                comment,
                independent());
    }

    private DbcSignal finished(SignalDraft draft) {
        draft.multiplexedBy = draft.multiplexedBy.map(
                by -> signal(by).flatMap(found -> found.longName).orElse(by));
        return draft.finished();
    }

    private void checkRoom(SignalDraft signal, BiConsumer<Integer, String> warn) {
        int needed = signal.finished().bytesNeeded();
        if (needed > length && !independent()) {
            warn.accept(
                    signal.line,
                    "signal " + signal.name + " needs " + needed + " bytes, message " + name + " has " + length);
        }
    }

    /** Simple multiplexing names no multiplexer: it is the one {@code M} of the message. */
    private void resolveMultiplexing(BiConsumer<Integer, String> warn) {
        List<SignalDraft> muxors = signals.stream()
                .filter(signal -> signal.multiplexer && signal.multiplexValue.isEmpty())
                .toList();
        for (SignalDraft signal : signals) {
            if (signal.multiplexValue.isEmpty() || signal.multiplexedBy.isPresent()) {
                continue;
            }
            if (muxors.size() != 1) {
                warn.accept(
                        signal.line,
                        "signal " + signal.name + " is multiplexed, but message " + name + " has " + muxors.size()
                                + " multiplexers; taken as always there");
                continue;
            }
            long value = signal.multiplexValue.getAsLong();
            signal.multiplexedBy = Optional.of(muxors.getFirst().name);
            signal.spans.add(new Span(value, value));
        }
        breakCircles(warn);
    }

    private void breakCircles(BiConsumer<Integer, String> warn) {
        for (SignalDraft signal : signals) {
            Optional<SignalDraft> above = signal.multiplexedBy.flatMap(this::signal);
            for (int steps = 0; above.isPresent() && steps <= signals.size(); steps++) {
                if (above.get() == signal) {
                    warn.accept(signal.line, "signal " + signal.name + " depends on itself; taken as always there");
                    signal.multiplexedBy = Optional.empty();
                    signal.spans.clear();
                }
                above = above.get().multiplexedBy.flatMap(this::signal);
            }
        }
    }
}
