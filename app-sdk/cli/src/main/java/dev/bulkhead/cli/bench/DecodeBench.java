package dev.bulkhead.cli.bench;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.dbc.DbcMessage;
import dev.bulkhead.hal.can.dbc.FrameValues;
import dev.bulkhead.hal.can.dbc.MessageCodec;
import dev.bulkhead.hal.signal.DefaultVehicle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Decoding frames of all messages in turn, one core. */
final class DecodeBench {
    private static final int FRAMES = 4_096;
    private static final long SECONDS = 3;

    private DecodeBench() {}

    private record Frame(MessageCodec codec, CanFrame frame, FrameValues values) {}

    static Measurement run(List<Path> files) {
        List<Frame> frames = frames(files);
        long until = System.nanoTime() + 2_000_000_000L;
        long sink = 0;
        while (System.nanoTime() < until) {
            sink += round(frames);
        }
        long begin = System.nanoTime();
        long signals = 0;
        while (System.nanoTime() - begin < SECONDS * 1_000_000_000L) {
            signals += round(frames);
        }
        double perSecond = signals * 1e9 / (System.nanoTime() - begin);
        String what = files.isEmpty() ? "the default vehicle" : files.size() + " files";
        String how = frames.size() + " random frames over all messages of " + what + (sink < 0 ? "!" : "");
        return new Measurement("DBC decode, mixed messages, one core", perSecond, "signals/s", 30e6, true, how);
    }

    private static long round(List<Frame> frames) {
        long signals = 0;
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            frame.codec().decode(frame.frame(), frame.values());
            signals += frame.values().count();
        }
        return signals;
    }

    private static List<Frame> frames(List<Path> files) {
        List<DbcMessage> messages = new ArrayList<>();
        if (files.isEmpty()) {
            messages.addAll(DbcDatabase.parse("default", DefaultVehicle.dbc()).messages());
        }
        files.forEach(file -> messages.addAll(DbcDatabase.read(file).messages()));
        List<MessageCodec> codecs = messages.stream()
                .filter(message -> !message.independent() && !message.signals().isEmpty())
                .map(MessageCodec::new)
                .toList();
        Random random = new Random(1);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            MessageCodec codec = codecs.get(i % codecs.size());
            byte[] data = new byte[CanFrame.fdLength(codec.message().length())];
            random.nextBytes(data);
            CanFrame frame = data.length > 8 ? CanFrame.fd(0, false, 0, data) : CanFrame.standard(0, data);
            frames.add(new Frame(codec, frame, codec.newValues()));
        }
        return frames;
    }
}
