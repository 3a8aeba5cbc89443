package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a store brought over from the agent's life before.
 *
 * @param slots by app id; of a damaged one what can be read
 * @param reports the last of each app
 * @param lastWords what apps said when they were walled off last, by app id
 * @param packages digests of the packages that are stored and known for what they are
 * @param damages what could not be read
 */
public record Survival(
        List<DurableSlot> slots,
        List<UpdateReport> reports,
        Map<String, List<LogBook.Line>> lastWords,
        Set<String> packages,
        List<Damage> damages) {
    public Survival {
        slots = List.copyOf(slots);
        reports = List.copyOf(reports);
        lastWords = Map.copyOf(lastWords);
        packages = Set.copyOf(packages);
        damages = List.copyOf(damages);
    }

    /** Whether anything that cannot be read is about no app that is there. */
    boolean anyStray() {
        Set<String> known = new TreeSet<>();
        slots.forEach(slot -> known.add(slot.appId()));
        return damages.stream()
                .anyMatch(damage -> damage.appId().filter(known::contains).isEmpty());
    }

    /** The slots to go on with: those about which something was lost are walled off. */
    List<DurableSlot> prudent() {
        return slots.stream()
                .map(slot -> whySetAside(slot.appId()).map(slot::setAside).orElse(slot))
                .toList();
    }

    /** Ensembles one of whose members is set aside, so that the others go back. */
    Set<String> brokenEnsembles() {
        boolean any = damages.stream().anyMatch(damage -> damage.bearing() == Damage.Bearing.COMPANY);
        Set<String> broken = new TreeSet<>();
        slots.stream()
                .filter(slot -> any || whySetAside(slot.appId()).isPresent())
                .flatMap(slot -> slot.part().stream())
                .forEach(part -> broken.add(part.ensemble()));
        return broken;
    }

    private Optional<String> whySetAside(String appId) {
        List<Damage> own = damages.stream()
                .filter(damage -> damage.bearing().setsAside()
                        && damage.appId().filter(appId::equals).isPresent())
                .toList();
        String more = own.size() > 1 ? " (and " + (own.size() - 1) + " more, see the agent's log)" : "";
        return own.stream().findFirst().map(damage -> damage + more);
    }

    /** What is told to those whose new versions do not come in because something about their apps was lost. */
    List<UpdateReport> abandoned() {
        return slots.stream()
                .flatMap(slot -> whySetAside(slot.appId()).flatMap(why -> abandoned(slot, why)).stream())
                .toList();
    }

    private static Optional<UpdateReport> abandoned(DurableSlot slot, String why) {
        return slot.candidate()
                .flatMap(release -> slot.candidateOrder()
                        .map(order -> new UpdateReport(order, release, new UpdateOutcome.Failed(why))));
    }
}
