package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.ExitCode;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.contract.notation.TimeSpan;
import dev.bulkhead.server.web.Views;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --watch} and {@code --timeout}, to be mixed in: what becomes of a campaign. */
final class CampaignWatch {
    @Option(
            names = "--watch",
            description = "Follow it with a line for each change, until it is completed, paused or rolled back.")
    private boolean watch;

    @Option(
            names = "--timeout",
            paramLabel = "SPAN",
            defaultValue = "24h",
            description = "How long --watch follows at most (default: ${DEFAULT-VALUE}); the campaign itself goes on.")
    private String timeout = "24h";

    /** Prints the campaign, after following it if that is wanted: then the exit status says whether the goal was reached. */
    int after(Views.Campaign campaign, ServerLink server, Output output, String goal) {
        Duration most = timeout();
        if (!watch) {
            CampaignPrinter.print(output, campaign);
            return ExitCode.OK.status();
        }
        CampaignProgress progress = new CampaignProgress(output);
        Views.Campaign last = server.call(
                client -> client.followCampaign(campaign.id(), most, InstantSource.system(), progress::show));
        CampaignPrinter.print(output, last);
        Optional<CommandFailure> failure = failure(last, goal);
        if (failure.isPresent() && !output.isJson()) {
            throw failure.get();
        }
        return (failure.isPresent() ? ExitCode.FAILED : ExitCode.OK).status();
    }

    private Duration timeout() {
        return TimeSpan.parse(timeout)
                .filter(Duration::isPositive)
                .orElseThrow(() ->
                        CommandFailure.usage("--timeout " + timeout + " is no time span", "--timeout 90s or 24h"));
    }

    private Optional<CommandFailure> failure(Views.Campaign last, String goal) {
        if (last.phase().equals(goal)) {
            return Optional.empty();
        }
        return Optional.of(
                last.active()
                        ? CommandFailure.failed(
                                "campaign " + last.id() + " is still " + last.phase() + " after " + timeout,
                                "bulkhead campaign show " + last.id() + " --watch")
                        : CommandFailure.failed(
                                "campaign " + last.id() + " is " + last.phase() + CampaignPrinter.why(last),
                                "bulkhead status " + last.id() + " shows each vehicle; then bulkhead campaign resume"
                                        + " or roll-back"));
    }
}
