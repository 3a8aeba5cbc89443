package dev.bulkhead.cli.vehicle;

import dev.bulkhead.cli.app.PackageReport;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.proto.InspectRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bulkhead inspect}: all about an app, in its package or in a vehicle. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Show all about an app: what its package holds and asks for, or how it fares in a vehicle.",
        footer = {
            "",
            "A file is looked into as a package, trusted or not. Anything else is the id of an app in a running agent: its state",
            "and budget, what it was granted and why, what it holds open, how it came to be so and what it said last.",
            "",
            "Examples:",
            "  bulkhead inspect com.acme.climate-1.0.0.sdvapp --json",
            "  bulkhead inspect com.acme.climate --vehicle VIN-0001"
        })
public final class InspectCommand implements Runnable {
    @Mixin
    private VehicleChoice vehicle;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "PACKAGE|APP", description = "A package's file, or the id of an app in a running agent.")
    private String subject;

    @Override
    public void run() {
        Path file = Path.of(subject);
        if (Files.exists(file) || looksLikeFile()) {
            new PackageReport(output).show(file);
        } else {
            try (AgentLink agent = vehicle.open()) {
                var request = InspectRequest.newBuilder().setAppId(subject).build();
                new AppReport(output).show(agent.call(stub -> stub.inspect(request)));
            }
        }
    }

    /** No app id has a slash or this ending: who wrote it meant a file, and wants to hear that there is none. */
    private boolean looksLikeFile() {
        return subject.contains("/") || subject.endsWith(".sdvapp");
    }
}
