package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CanSendResult;
import dev.bulkhead.hal.can.CandumpLine;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead can send}: one frame. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        description = "Send one frame, written as cansend takes it.",
        footer = {
            "",
            "Examples:",
            "  bulkhead can send can0 2F0#50 --socketcand localhost",
            "  bulkhead can send vcan0 1F334455#1122"
        })
public final class CanSendCommand implements Runnable {
    private static final int LINGER_MILLIS = 100;

    @Mixin
    private Output output;

    @Mixin
    private BusChoice choice;

    @Parameters(index = "0", paramLabel = "BUS", description = "The bus.")
    private String bus;

    @Parameters(index = "1", paramLabel = "FRAME", description = "123#DEADBEEF, 1F334455#11, 123#R4, FD 123##1AABB.")
    private String frame;

    @Override
    public void run() {
        CanFrame parsed = parse(frame);
        try (BusChoice.Open open = choice.open(bus)) {
            CanPort port = open.bus().open(List.of(), 1, () -> {});
            CanSendResult result = port.send(parsed);
            if (result != CanSendResult.SENT) {
                throw CommandFailure.failed(parsed + " was not sent: " + result, "");
            }
            Thread.sleep(LINGER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (output.isJson()) {
            output.json(Map.of("bus", bus, "frame", parsed.toString(), "sent", true));
        }
    }

    private static CanFrame parse(String text) {
        try {
            return CandumpLine.parseFrame(text);
        } catch (CandumpLine.CandumpException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "bulkhead can send --help");
        }
    }
}
