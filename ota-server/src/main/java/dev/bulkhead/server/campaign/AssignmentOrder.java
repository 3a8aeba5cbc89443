package dev.bulkhead.server.campaign;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What an operator asks for.
 *
 * @param id chosen by the asker so that asking twice does it once, or empty
 * @param appId which app
 * @param version which release, or empty for the newest
 * @param vehicles which vehicles; empty means the whole fleet, also those that join later
 */
public record AssignmentOrder(Optional<String> id, String appId, Optional<String> version, List<String> vehicles) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MOST_VEHICLES = 100_000;

    public AssignmentOrder {
        vehicles = List.copyOf(new TreeSet<>(vehicles));
        if (id.isPresent() && !ID.matcher(id.get()).matches()) {
            throw new IllegalArgumentException("an assignment id is 1 to 64 letters, digits, '.', '_' or '-'");
        }
        if (vehicles.size() > MOST_VEHICLES) {
            throw new IllegalArgumentException("at most " + MOST_VEHICLES + " vehicles can be named at once");
        }
    }

    boolean wholeFleet() {
        return vehicles.isEmpty();
    }
}
