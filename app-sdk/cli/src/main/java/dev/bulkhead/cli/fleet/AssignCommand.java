package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.Views;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead assign}: vehicles should run this release. */
@Command(
        name = "assign",
        mixinStandardHelpOptions = true,
        description = "Assign a release to vehicles, or to the whole fleet, and by wish follow it until it is proven.",
        footer = {
            "",
            "Examples:",
            "  bulkhead assign com.acme.climate --vehicle VIN-0001 --wait 120",
            "  bulkhead assign com.acme.climate 1.4.2 --all"
        })
public final class AssignCommand implements Callable<Integer> {
    @Mixin
    private ServerLink server;

    @Mixin
    private Output output;

    @Parameters(index = "0", paramLabel = "APP", description = "App id.")
    private String app;

    @Parameters(
            index = "1",
            paramLabel = "VERSION",
            arity = "0..1",
            description = "Which release (default: the newest).")
    private @Nullable String version;

    @Option(names = "--vehicle", paramLabel = "ID", description = "A vehicle; may repeat.")
    private List<String> vehicles = new ArrayList<>();

    @Option(names = "--all", description = "The whole fleet, also vehicles that join later.")
    private boolean all;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Follow it that long, until every vehicle is done (default: do not wait).")
    private int waitSeconds;

    @Override
    public Integer call() {
        if (all == !vehicles.isEmpty()) {
            throw CommandFailure.usage(
                    "name vehicles with --vehicle, or the whole fleet with --all", "bulkhead vehicles");
        }
        Views.Assignment order = server.call(client -> client.assign(app, Optional.ofNullable(version), vehicles));
        Views.Assignment last = waitSeconds == 0 ? order : followed(order);
        AssignmentPrinter.print(output, last);
        Optional<CommandFailure> failure = failure(last);
        if (failure.isPresent() && !output.isJson()) {
            throw failure.get();
        }
        return (failure.isPresent() ? ExitCode.FAILED : ExitCode.OK).status();
    }

    private Views.Assignment followed(Views.Assignment order) {
        try (AssignmentProgress progress = new AssignmentProgress(output)) {
            return server.call(client ->
                    client.follow(order.id(), Duration.ofSeconds(waitSeconds), InstantSource.system(), progress::show));
        }
    }

    /** The order was followed and did not come to a good end everywhere. */
    private Optional<CommandFailure> failure(Views.Assignment last) {
        if (waitSeconds == 0) {
            return Optional.empty();
        }
        if (!last.finished()) {
            return Optional.of(CommandFailure.failed(
                    "not every vehicle was done after " + waitSeconds + " s", "bulkhead status " + last.id()));
        }
        return last.vehicles().stream()
                .filter(action -> !action.state().equals("succeeded"))
                .findFirst()
                .map(action -> CommandFailure.failed(
                        action.vehicleId() + ": " + action.state() + " (" + action.reason() + "): " + action.detail(),
                        "bulkhead logs " + app + " on the vehicle says more"));
    }
}
