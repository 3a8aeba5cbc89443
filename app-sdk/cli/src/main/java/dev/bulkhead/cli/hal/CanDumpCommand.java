package dev.bulkhead.cli.hal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.CandumpLine;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bulkhead can dump}: frames as candump logs them. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        description = "Print frames in the format of candump logs; with --json one line a frame.",
        footer = {
            "",
            "Examples:",
            "  bulkhead can dump can0 --socketcand localhost",
            "  bulkhead can dump vcan0 --count 10 > drive.log"
        })
public final class CanDumpCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Output output;

    @Mixin
    private BusChoice choice;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "BUS", description = "The bus, as the kernel or the socketcand calls it.")
    private String bus;

    @Option(names = "--count", paramLabel = "N", description = "Stop after N frames (default: never).")
    private long count = Long.MAX_VALUE;

    @Override
    public void run() {
        try (BusChoice.Open open = choice.open(bus)) {
            Semaphore ready = new Semaphore(0);
            CanPort port =
                    open.bus().open(List.of(CanFilter.ANY_DATA, CanFilter.ERRORS), CanPort.MAX_DEPTH, ready::release);
            PrintWriter out = spec.commandLine().getOut();
            long left = count;
            while (left > 0) {
                ready.acquire();
                int taken;
                do {
                    taken = port.receive((int) Math.min(left, 1_024), (frame, at) -> print(out, open, frame, at));
                    left -= taken;
                } while (taken > 0 && left > 0);
                output.checkReader();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(PrintWriter out, BusChoice.Open open, CanFrame frame, long at) {
        long micros = open.time().unixMillis() * 1_000 - (open.time().nanos() - at) / 1_000;
        CandumpLine line = new CandumpLine(micros, bus, frame);
        out.println(output.isJson() ? json(line) : line.toString());
    }

    private static String json(CandumpLine line) {
        CanFrame frame = line.frame();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("time", BigDecimal.valueOf(line.unixMicros(), 6));
        document.put("bus", line.bus());
        document.put("id", frame.id());
        document.put("extended", frame.isExtended());
        document.put("kind", frame.isError() ? "error" : frame.isRemote() ? "remote" : frame.isFd() ? "fd" : "data");
        document.put("data", HexFormat.of().withUpperCase().formatHex(frame.data()));
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
