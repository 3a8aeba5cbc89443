package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.Views;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            "  bulkhead assign com.acme.climate 1.4.2 --all",
            "  bulkhead assign com.acme.climate --with com.acme.seats:2.0.0 --vehicle VIN-0001 --wait 120"
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

    @Option(
            names = "--with",
            paramLabel = "APP[:VERSION]",
            description = "An app that comes in together with APP, or neither does; may repeat.")
    private List<String> with = new ArrayList<>();

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
        if (waitSeconds < 0) {
            throw CommandFailure.usage("--wait " + waitSeconds + " is no time: wants seconds, 0 or more", "--wait 120");
        }
        Views.Order order = new Views.Order(
                "",
                app,
                version == null ? "" : version,
                vehicles,
                with.stream().map(AssignCommand::together).toList());
        Views.Assignment assigned = server.call(client -> client.assign(order));
        List<Views.Assignment> last = waitSeconds == 0 ? List.of(assigned) : announced(assigned);
        AssignmentPrinter.printAll(output, last);
        Optional<CommandFailure> failure = failure(last);
        if (failure.isPresent() && !output.isJson()) {
            throw failure.get();
        }
        return (failure.isPresent() ? ExitCode.FAILED : ExitCode.OK).status();
    }

    private static Views.Together together(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new Views.Together(text, "")
                : new Views.Together(text.substring(0, colon), text.substring(colon + 1));
    }

    private List<Views.Assignment> announced(Views.Assignment order) {
        GoesOn goesOn = GoesOn.announce(output, order.id(), waitSeconds);
        try {
            return followed(order);
        } finally {
            goesOn.forget();
        }
    }

    /** The assignment and those that go with it, each when it is done or the time is over. */
    private List<Views.Assignment> followed(Views.Assignment order) {
        List<String> ids = Stream.concat(
                        Stream.of(order.id()), order.companions().stream().map(Views.Companion::id))
                .toList();
        InstantSource time = InstantSource.system();
        Instant end = time.instant().plusSeconds(waitSeconds);
        List<Views.Assignment> last = new ArrayList<>();
        for (String id : ids) {
            Duration left = Duration.between(time.instant(), end);
            try (AssignmentProgress progress = new AssignmentProgress(output)) {
                last.add(server.call(
                        client -> client.follow(id, left.isNegative() ? Duration.ZERO : left, time, progress::show)));
            }
        }
        return last;
    }

    /** The order was followed and did not come to a good end everywhere. */
    private Optional<CommandFailure> failure(List<Views.Assignment> last) {
        if (waitSeconds == 0) {
            return Optional.empty();
        }
        Optional<Views.Assignment> pending =
                last.stream().filter(each -> !each.finished()).findFirst();
        if (pending.isPresent()) {
            return Optional.of(CommandFailure.failed(
                    "not every vehicle was done after " + waitSeconds + " s",
                    "bulkhead status " + pending.get().id()));
        }
        return last.stream()
                .flatMap(each -> each.vehicles().stream())
                .filter(action -> !action.state().equals("succeeded"))
                .findFirst()
                .map(action -> CommandFailure.failed(
                        action.vehicleId() + ": " + action.state() + " (" + action.reason() + "): " + action.detail(),
                        "bulkhead logs " + app + " on the vehicle says more"));
    }
}
