package dev.bulkhead.server.campaign;

import dev.bulkhead.security.tuf.ApprovedTarget;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What an operator asks for.
 *
 * @param id chosen by the asker so that asking twice does it once, or empty
 * @param wanted which releases; more than one, at most {@value ApprovedTarget#MOST_TOGETHER}, are taken over as one, all or none
 * @param vehicles which vehicles; empty means the whole fleet, also those that join later
 */
public record AssignmentOrder(Optional<String> id, List<Wanted> wanted, List<String> vehicles) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MOST_VEHICLES = 100_000;

    /**
     * One app of an order.
     *
     * @param version which release, or empty for the newest
     */
    public record Wanted(String appId, Optional<String> version) {}

    public AssignmentOrder {
        wanted = List.copyOf(wanted);
        vehicles = List.copyOf(new TreeSet<>(vehicles));
        if (id.isPresent() && !ID.matcher(id.get()).matches()) {
            throw new IllegalArgumentException("an assignment id is 1 to 64 letters, digits, '.', '_' or '-'");
        }
        if (wanted.isEmpty() || wanted.size() > ApprovedTarget.MOST_TOGETHER) {
            throw new IllegalArgumentException(
                    wanted.size() + " apps; 1 to " + ApprovedTarget.MOST_TOGETHER + " can be assigned as one");
        }
        if (wanted.stream().map(Wanted::appId).distinct().count() < wanted.size()) {
            throw new IllegalArgumentException("an app can be named once only");
        }
        if (vehicles.size() > MOST_VEHICLES) {
            throw new IllegalArgumentException("at most " + MOST_VEHICLES + " vehicles can be named at once");
        }
    }

    /** An order of one app. */
    public AssignmentOrder(Optional<String> id, String appId, Optional<String> version, List<String> vehicles) {
        this(id, List.of(new Wanted(appId, version)), vehicles);
    }

    boolean wholeFleet() {
        return vehicles.isEmpty();
    }
}
