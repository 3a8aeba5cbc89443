package dev.bulkhead.cli.bench;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bulkhead bench hal}. */
@Command(
        name = "hal",
        mixinStandardHelpOptions = true,
        description =
                "Measure the hardware bridge: DBC decoding, signal delivery, actuation, the databroker over gRPC.")
public final class HalBenchCommand implements Callable<Integer> {
    private static final List<String> BENCHES =
            List.of("decode", "read", "deliver", "actuate", "frames", "guest", "broker");

    @Mixin
    private Output output;

    @Option(
            names = "--dbc",
            paramLabel = "FILE",
            description = "Decode random frames of these files (default: the default vehicle's).")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "decode, read, deliver, actuate, frames, guest or broker.")
    private @Nullable String only;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (only != null && !BENCHES.contains(only)) {
            throw CommandFailure.usage(
                    "there is no measurement '" + only + "'", "--only with one of " + String.join(", ", BENCHES));
        }
        List<Measurement> measurements = new ArrayList<>();
        if (wanted("decode")) {
            output.note("decoding …");
            measurements.add(DecodeBench.run(files));
        }
        if (wanted("read")) {
            measurements.add(SignalBench.reads());
        }
        if (wanted("deliver")) {
            output.note("delivering …");
            measurements.addAll(SignalBench.deliveries());
        }
        if (wanted("actuate")) {
            output.note("actuating …");
            measurements.add(ActuationBench.run());
        }
        if (wanted("frames")) {
            output.note("receiving frames …");
            measurements.add(FrameBench.run());
        }
        if (wanted("guest")) {
            output.note("driving an app …");
            measurements.addAll(GuestHalBench.run());
        }
        if (wanted("broker")) {
            output.note("calling the databroker …");
            measurements.addAll(BrokerBench.run());
        }
        Measurements.print(output, measurements);
        return 0;
    }

    private boolean wanted(String name) {
        return only == null || only.equals(name);
    }
}
