package dev.bulkhead.server.campaign;

import dev.bulkhead.security.tuf.ApprovedTarget;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an operator asks for.
 *
 * @param id chosen by the asker so that asking twice does it once, or empty
 * @param members which releases; more than one, at most {@value ApprovedTarget#MOST_TOGETHER}, are taken over as one, all or none, and go back as one
 */
public record RolloutOrder(Optional<String> id, List<Member> members, RolloutPlan plan) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,47}");

    /**
     * One app of a rollout.
     *
     * @param version which release, or empty for the newest
     * @param fallback release that vehicles which were updated already get when the fleet is taken back; its counter is higher,
     *     because a release never goes back on a vehicle. Empty = they keep the new one
     */
    public record Member(String appId, Optional<String> version, Optional<String> fallback) {}

    public RolloutOrder {
        members = List.copyOf(members);
        if (id.isPresent() && !ID.matcher(id.get()).matches()) {
            throw new IllegalArgumentException("a rollout id is 1 to 48 letters, digits, '.', '_' or '-'");
        }
        if (members.isEmpty() || members.size() > ApprovedTarget.MOST_TOGETHER) {
            throw new IllegalArgumentException(
                    members.size() + " apps; 1 to " + ApprovedTarget.MOST_TOGETHER + " can go out as one");
        }
        if (members.stream().anyMatch(member -> member.appId().isEmpty())) {
            throw new IllegalArgumentException("an app that goes out with it has no appId");
        }
        if (members.stream().map(Member::appId).distinct().count() < members.size()) {
            throw new IllegalArgumentException("an app can be named once only");
        }
        long fallbacks =
                members.stream().filter(member -> member.fallback().isPresent()).count();
        if (fallbacks > 0 && fallbacks < members.size()) {
            throw new IllegalArgumentException(
                    "apps that go out as one go back as one: name a fallback for each or for none");
        }
    }

    /** An order of one app. */
    public RolloutOrder(
            Optional<String> id, String appId, Optional<String> version, Optional<String> fallback, RolloutPlan plan) {
        this(id, List.of(new Member(appId, version, fallback)), plan);
    }

    /** The apps for people. */
    String apps() {
        return String.join(" and ", members.stream().map(Member::appId).toList());
    }
}
