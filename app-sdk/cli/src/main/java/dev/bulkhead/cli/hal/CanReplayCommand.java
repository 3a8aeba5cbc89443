package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.FileFault;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.CandumpLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead can replay}: a log onto a bus. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Play a candump log onto a bus at the pace it was recorded.",
        footer = {"", "Examples:", "  bulkhead can replay can0 drive.log --socketcand localhost --speed 2"})
public final class CanReplayCommand implements Runnable {
    private static final int RETRIES = 1_000;
    private static final int LINGER_MILLIS = 100;

    @Mixin
    private Output output;

    @Mixin
    private BusChoice choice;

    @Parameters(index = "0", paramLabel = "BUS", description = "The bus to play on, whatever the log calls it.")
    private String bus;

    @Parameters(index = "1", paramLabel = "LOG", description = "A candump log.")
    private Path log;

    @Option(names = "--speed", paramLabel = "N", description = "1 is as recorded, 2 twice as fast, 0 without waiting.")
    private double speed = 1;

    private long played;
    private long refused;

    @Override
    public void run() {
        try (BusChoice.Open open = choice.open(bus);
                BufferedReader reader = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            play(open, open.bus().open(List.of(), 1, () -> {}), reader);
            Thread.sleep(LINGER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw FileFault.unread(log, e, "check the path");
        }
        if (output.isJson()) {
            output.json(Map.of("bus", bus, "played", played, "refused", refused));
        } else {
            output.line(played + " frames played" + (refused > 0 ? ", " + refused + " refused" : ""));
        }
    }

    private void play(BusChoice.Open open, CanPort port, BufferedReader reader)
            throws IOException, InterruptedException {
        long begin = open.time().nanos();
        long first = -1;
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            CandumpLine parsed = parse(line, number);
            first = first < 0 ? parsed.unixMicros() : first;
            if (speed > 0) {
                long due = begin + (long) ((parsed.unixMicros() - first) * 1_000 / speed);
                Thread.sleep(Math.max(0, (due - open.time().nanos()) / 1_000_000));
            }
            send(port, parsed);
        }
    }

    private CandumpLine parse(String line, int number) {
        try {
            return CandumpLine.parse(line);
        } catch (CandumpLine.CandumpException e) {
            throw CommandFailure.failed(log + " line " + number + ": " + e.getMessage(), "");
        }
    }

    private void send(CanPort port, CandumpLine line) throws InterruptedException {
        CanSendResult result = port.send(line.frame());
        for (int tries = 0; result == CanSendResult.TRY_AGAIN && tries < RETRIES; tries++) {
            Thread.sleep(1);
            result = port.send(line.frame());
        }
        if (result == CanSendResult.SENT) {
            played++;
        } else {
            refused++;
        }
    }
}
