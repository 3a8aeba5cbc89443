package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.contract.notation.TimeSpan;
import dev.bulkhead.server.web.Views;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a campaign goes on, to be mixed in. */
final class CampaignPlan {
    @Option(
            names = "--group",
            required = true,
            paramLabel = "GROUP",
            description = {
                "The next group; repeat in the order they go: a share of the campaign's vehicles (10%%),",
                "vehicles by what they say of themselves (region=eu,trim=sport), or all that are left (rest)."
            })
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "NAME=VALUE,…",
            description = "Only vehicles that say this of themselves take part (default: the whole fleet).")
    private @Nullable String only;

    @Option(
            names = "--success",
            paramLabel = "PERCENT",
            defaultValue = "100",
            description = "Share of a group that must succeed before the next one (default: ${DEFAULT-VALUE}).")
    private String success = "100";

    @Option(
            names = "--errors",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "It stops when more than this share of those that have ended failed"
                    + " (default: ${DEFAULT-VALUE}).")
    private String errors = "10";

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "1",
            description = "Vehicles that must have ended before failures count (default: ${DEFAULT-VALUE}).")
    private int sample = 1;

    @Option(
            names = "--soak",
            paramLabel = "SPAN",
            defaultValue = "0s",
            description = "How long a group that has succeeded is watched before the next, such as 30s or 2h"
                    + " (default: ${DEFAULT-VALUE}).")
    private String soak = "0s";

    @Option(
            names = "--on-error",
            paramLabel = "WHAT",
            defaultValue = "pause",
            description = "What it does when it stops: pause or roll-back (default: ${DEFAULT-VALUE}).")
    private String onError = "pause";

    @Option(
            names = "--fallback",
            paramLabel = "VERSION",
            defaultValue = "",
            description = "Release that updated vehicles get when the fleet is taken back: the older code, published"
                    + " under a higher release counter (default: they keep the new one).")
    private String fallback = "";

    @Option(
            names = "--with",
            paramLabel = "APP[:VERSION[:FALLBACK]]",
            description = {
                "An app that goes out together with APP, or neither does, and goes back with it; may repeat.",
                "Where APP has a fallback it needs one too."
            })
    private List<String> with = new ArrayList<>();

    Views.CampaignOrder order(String id, String app, String version) {
        return new Views.CampaignOrder(
                id,
                app,
                version,
                fallback,
                with.stream().map(CampaignPlan::together).toList(),
                only == null ? Map.of() : CampaignGroups.attributes("--only", only),
                CampaignGroups.read(groups),
                percent("--success", success),
                percent("--errors", errors),
                sample,
                soak().toSeconds(),
                onError);
    }

    private static Views.CampaignTogether together(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw CommandFailure.usage(
                    "--with " + text + " is no app, with its version and fallback behind colons",
                    "--with com.acme.seats:2.0.0:2.0.1");
        }
        return new Views.CampaignTogether(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }

    private static int percent(String option, String text) {
        return CampaignGroups.percent(text.endsWith("%") ? text : text + "%")
                .orElseThrow(() ->
                        CommandFailure.usage(option + " " + text + " is no share of 0 to 100 percent", option + " 95"));
    }

    private Duration soak() {
        return TimeSpan.parse(soak)
                .filter(span -> span.equals(Duration.ofSeconds(span.toSeconds())))
                .orElseThrow(() -> CommandFailure.usage(
                        "--soak " + soak + " is no time span of whole seconds", "--soak 30s, 10m or 2h"));
    }
}
