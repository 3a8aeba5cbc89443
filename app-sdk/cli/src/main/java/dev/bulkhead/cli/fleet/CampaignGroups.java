package dev.bulkhead.cli.fleet;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.server.web.Views;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Groups of a campaign as they are typed: {@code 10%}, {@code region=eu,trim=sport}, {@code rest}. */
final class CampaignGroups {
    private static final String REST = "rest";
    private static final String HINT = "--group 10% --group region=eu --group rest";

    private CampaignGroups() {}

    static List<Views.GroupOrder> read(List<String> texts) {
        int rest = texts.indexOf(REST);
        if (rest >= 0 && rest < texts.size() - 1) {
            throw CommandFailure.usage("--group rest leaves no vehicle for the groups behind it", HINT);
        }
        List<Views.GroupOrder> groups = new ArrayList<>();
        for (String text : texts) {
            groups.add(read(text));
        }
        return groups;
    }

    private static Views.GroupOrder read(String text) {
        if (text.equals(REST)) {
            return new Views.GroupOrder(null, Map.of());
        }
        if (text.indexOf('=') >= 0) {
            return new Views.GroupOrder(null, attributes("--group", text));
        }
        int share = percent(text)
                .orElseThrow(() -> CommandFailure.usage(
                        "--group " + text + " is neither a share (10%), nor attributes (region=eu), nor rest", HINT));
        if (share == 0) {
            throw CommandFailure.usage("--group 0% takes no vehicle", HINT);
        }
        return new Views.GroupOrder(share, null);
    }

    /** The number before the percent sign, 0 to 100; empty when the text is no such thing. */
    static OptionalInt percent(String text) {
        if (!text.matches("[0-9]{1,3}%")) {
            return OptionalInt.empty();
        }
        int share = Integer.parseInt(text.substring(0, text.length() - 1));
        return share > 100 ? OptionalInt.empty() : OptionalInt.of(share);
    }

    /** {@code NAME=VALUE,NAME=VALUE…}: names are not empty and come once. */
    static Map<String, String> attributes(String option, String text) {
        Map<String, String> attributes = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int sign = pair.indexOf('=');
            if (sign < 1 || attributes.put(pair.substring(0, sign), pair.substring(sign + 1)) != null) {
                throw CommandFailure.usage(
                        option + " " + text + ": \"" + pair + "\" is no NAME=VALUE, or its name comes twice",
                        option + " region=eu,trim=sport; bulkhead vehicles --json shows what vehicles say");
            }
        }
        return attributes;
    }
}
