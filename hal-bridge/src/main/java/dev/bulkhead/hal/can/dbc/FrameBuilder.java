package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.can.CanFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a frame of one message together, signal by signal; signals never set are 0. The frame is FD when the message is longer than 8
 * bytes. Keeps its values from frame to frame. Not thread-safe.
 */
public final class FrameBuilder {
    /** Finishes a frame just before it is sent: a counter, a checksum. */
    @FunctionalInterface
    public interface Finisher {
        /** Changes the data in place. */
        void finish(DbcMessage message, MessageCodec codec, byte[] data);
    }

    private final MessageCodec codec;
    private final Finisher finisher;
    private final Map<String, Integer> index = new HashMap<>();
    private final byte[] data;

    public FrameBuilder(MessageCodec codec, Finisher finisher) {
        this.codec = codec;
        this.finisher = finisher;
        DbcMessage message = codec.message();
        this.data = new byte[CanFrame.fdLength(message.length())];
        List<DbcSignal> signals = message.signals();
        for (int i = 0; i < signals.size(); i++) {
            index.putIfAbsent(signals.get(i).name(), i);
        }
    }

    public FrameBuilder(MessageCodec codec) {
        this(codec, (message, plan, bytes) -> {});
    }

    /**
     * Sets the physical value of a signal.
     *
     * @throws DbcRangeException when the bits cannot carry it
     * @throws IllegalArgumentException when the message has no such signal
     */
    public FrameBuilder set(String signal, double physical) {
        int at = indexOf(signal);
        codec.putRaw(at, codec.toRaw(at, physical), data);
        return this;
    }

    /** Sets a signal to the nearest value its bits can carry. */
    public FrameBuilder setNearest(String signal, double physical) {
        int at = indexOf(signal);
        codec.putRaw(at, codec.nearestRaw(at, physical), data);
        return this;
    }

    /** Sets the bits of a signal. */
    public FrameBuilder setRaw(String signal, long raw) {
        codec.putRaw(indexOf(signal), raw, data);
        return this;
    }

    /** Sets a signal to the raw value its table gives this text; false when it gives none. */
    public boolean setText(String signal, String text) {
        Optional<Long> raw = codec.message().signals().get(indexOf(signal)).values().entrySet().stream()
                .filter(entry -> entry.getValue().equals(text))
                .map(Map.Entry::getKey)
                .findFirst();
        raw.ifPresent(value -> setRaw(signal, value));
        return raw.isPresent();
    }

    private int indexOf(String signal) {
        Integer at = index.get(signal);
        if (at == null) {
            throw new IllegalArgumentException("message " + codec.message().name() + " has no signal " + signal);
        }
        return at;
    }

    /** The frame with what has been set so far. */
    public CanFrame build() {
        finisher.finish(codec.message(), codec, data);
        DbcMessage message = codec.message();
        if (message.length() > 8) {
            return CanFrame.fd(message.id(), message.extended(), 0, data);
        }
        return message.extended() ? CanFrame.extended(message.id(), data) : CanFrame.standard(message.id(), data);
    }
}
