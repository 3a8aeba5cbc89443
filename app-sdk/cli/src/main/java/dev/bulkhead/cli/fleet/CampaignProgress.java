package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.Output;
import dev.bulkhead.server.web.Views;

/** Shows a campaign while it goes on: a line whenever it stands differently. Not thread-safe. */
final class CampaignProgress {
    private final Output output;
    private String last = "";

    CampaignProgress(Output output) {
        this.output = output;
    }

    void show(Views.Campaign campaign) {
        String line = line(campaign);
        if (!line.equals(last)) {
            last = line;
            output.note(line);
        }
    }

    private static String line(Views.Campaign campaign) {
        Views.Group group = campaign.groups().get(campaign.group() - 1);
        return "group " + campaign.group() + " of " + campaign.groups().size() + ": " + group.succeeded() + " of "
                + group.vehicles() + " succeeded, " + group.failed() + " failed; " + campaign.phase()
                + CampaignPrinter.why(campaign);
    }
}
