package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Quantity;
import dev.bulkhead.cli.output.Style;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.server.web.Views;

/** One campaign, for a person or a program. */
final class CampaignPrinter {
    private CampaignPrinter() {}

    static void print(Output output, Views.Campaign campaign) {
        if (output.isJson()) {
            output.json(campaign);
            return;
        }
        output.line("campaign " + campaign.id() + ": " + apps(campaign) + ", "
                + output.paint(style(campaign.phase()), campaign.phase()) + why(campaign) + " (since "
                + campaign.since() + ")");
        if (!campaign.fallback().isEmpty()) {
            output.line("fallback " + campaign.fallback() + fallbacks(campaign));
        }
        Table table = new Table(">GROUP", "STATE", ">VEHICLES", ">SUCCEEDED", ">FAILED", ">PENDING", "ENDED");
        for (int i = 0; i < campaign.groups().size(); i++) {
            Views.Group group = campaign.groups().get(i);
            table.row(
                    i + 1,
                    state(campaign, i + 1),
                    group.vehicles(),
                    group.succeeded(),
                    failed(group),
                    group.pending(),
                    bar(group));
        }
        output.table(table);
    }

    private static String apps(Views.Campaign campaign) {
        StringBuilder apps = new StringBuilder(campaign.appId() + " " + campaign.version());
        campaign.companions()
                .forEach(each ->
                        apps.append(" with ").append(each.appId()).append(' ').append(each.version()));
        return apps.toString();
    }

    private static String fallbacks(Views.Campaign campaign) {
        StringBuilder fallbacks = new StringBuilder();
        campaign.companions()
                .forEach(each ->
                        fallbacks.append(", ").append(each.appId()).append(' ').append(each.fallback()));
        return fallbacks.toString();
    }

    /** The first app, and how many go out with it. */
    static String app(Views.Campaign campaign) {
        int more = campaign.companions().size();
        return campaign.appId() + (more == 0 ? "" : " + " + more);
    }

    /** The reason behind the phase, with what joins it to the text before; empty when there is none. */
    static String why(Views.Campaign campaign) {
        return campaign.detail().isEmpty() ? "" : ": " + campaign.detail();
    }

    private static String state(Views.Campaign campaign, int group) {
        if (group == campaign.group()) {
            return campaign.phase();
        }
        return group < campaign.group() ? "opened" : "to come";
    }

    private static Object failed(Views.Group group) {
        return Table.styled(group.failed() == 0 ? Style.PLAIN : Style.BAD, Integer.toString(group.failed()));
    }

    private static String bar(Views.Group group) {
        int ended = group.succeeded() + group.failed();
        return group.vehicles() == 0 ? "nobody" : Quantity.bar((double) ended / group.vehicles());
    }

    static Style style(String phase) {
        return switch (phase) {
            case "completed" -> Style.GOOD;
            case "paused", "rolling-back", "rolled-back" -> Style.BAD;
            default -> Style.WARN;
        };
    }
}
