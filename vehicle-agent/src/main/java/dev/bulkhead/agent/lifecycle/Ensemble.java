package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.lifecycle.AppSlot.Candidate;
import dev.bulkhead.agent.lifecycle.Part.State;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Cue;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Move;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Several apps that change their versions as one, all or none: a pure look at how its members stand gives the cues that follow. It keeps
 * nothing: what is durable are the members' slots, which are written together, so the same cues follow after any kill.
 *
 * @param id what the order calls it
 * @param members each after those it depends on
 */
record Ensemble(String id, List<AppSlot> members) {
    /** All ensembles among the slots. */
    static List<Ensemble> among(Collection<AppSlot> slots) {
        Map<String, List<AppSlot>> byId = new TreeMap<>();
        for (AppSlot slot : slots) {
            slot.part()
                    .ifPresent(part -> byId.computeIfAbsent(part.ensemble(), id -> new ArrayList<>())
                            .add(slot));
        }
        return byId.entrySet().stream()
                .map(entry -> new Ensemble(entry.getKey(), providersFirst(entry.getValue())))
                .toList();
    }

    private static List<AppSlot> providersFirst(List<AppSlot> members) {
        TreeMap<String, Set<String>> needs = new TreeMap<>();
        Map<String, AppSlot> byApp = new TreeMap<>();
        for (AppSlot member : members) {
            Set<String> named = new TreeSet<>();
            edition(member)
                    .ifPresent(e -> e.upkeep()
                            .needs()
                            .forEach(need -> named.add(need.app().text())));
            needs.put(member.appId(), named);
            byApp.put(member.appId(), member);
        }
        return new DependencyGraph(needs)
                .providersFirst().stream()
                        .flatMap(id -> Stream.ofNullable(byApp.get(id)))
                        .toList();
    }

    /** What the member is to run, or runs by now. */
    private static Optional<Edition> edition(AppSlot member) {
        return member.candidate().map(Candidate::edition).or(member::active);
    }

    /** The conditions that must hold at once before the first and at the cut-over; empty when there are none, or it is past that. */
    List<String> gates() {
        return isUndecided()
                ? members.stream()
                        .flatMap(member -> edition(member).stream())
                        .map(e -> e.upkeep().when())
                        .filter(when -> !when.isEmpty())
                        .distinct()
                        .toList()
                : List.of();
    }

    private boolean isUndecided() {
        return all(State.HELD, State.PREPARING, State.READY);
    }

    private boolean all(State... states) {
        List<State> among = List.of(states);
        return members.stream().allMatch(member -> among.contains(state(member)));
    }

    private static State state(AppSlot member) {
        return member.part().orElseThrow().state();
    }

    /**
     * What the members do next; empty while one of them is busy.
     *
     * @param gatesOpen true when all of {@link #gates} hold just now
     * @param others the apps of the vehicle
     */
    List<Cue> look(boolean gatesOpen, Surroundings others) {
        if (members.stream().anyMatch(Replacement::cuttingOver)) {
            return List.of();
        }
        Optional<AppSlot> broken = members.stream().filter(Ensemble::isBroken).findFirst();
        if (broken.isPresent()) {
            return goBack(broken.get());
        }
        if (all(State.STEADY)) {
            return everyone(Move.SETTLE, "");
        }
        if (isUndecided()) {
            return undecided(gatesOpen, others);
        }
        boolean taking = members.stream().anyMatch(member -> state(member) == State.TAKING);
        return taking ? List.of() : next();
    }

    /** One that failed, or that cannot begin what it is cued for. */
    private static boolean isBroken(AppSlot member) {
        return switch (state(member)) {
            case BROKEN -> true;
            case TAKING ->
                switch (member.phase()) {
                    case Phase.Waiting _,
                            Phase.Stopped _,
                            Phase.Failed _,
                            Phase.Backoff _,
                            Phase.Quarantined _,
                            Phase.Removed _ -> true;
                    case Phase.Installed _, Phase.Starting _, Phase.Running _, Phase.Stopping _ -> false;
                };
            case HELD, PREPARING, READY, CUED, OVER, STEADY -> false;
        };
    }

    private static String cause(AppSlot broken) {
        String why = broken.part().orElseThrow().why();
        if (!why.isEmpty()) {
            return why;
        }
        return broken.phase() instanceof Phase.Waiting waiting
                ? waiting.reason()
                : "it is " + broken.phase().word().toLowerCase(Locale.ROOT);
    }

    /** Those that depend on others first. */
    private List<Cue> goBack(AppSlot broken) {
        String cause = cause(broken);
        String others = "all or none: " + broken.appId() + " did not make it: " + cause;
        return members.reversed().stream()
                .map(member -> new Cue(member.appId(), id, Move.RETURN, member.equals(broken) ? cause : others))
                .toList();
    }

    private List<Cue> undecided(boolean gatesOpen, Surroundings others) {
        boolean held = all(State.HELD);
        boolean ready = all(State.READY);
        if (!ready && !(held && members.stream().allMatch(member -> rests(member, others)))) {
            return List.of();
        }
        Optional<String> obstacle = obstacle(gatesOpen, others);
        if (obstacle.isPresent()) {
            return members.stream()
                    .filter(member -> !member.part().orElseThrow().why().equals(obstacle.get()))
                    .map(member -> new Cue(member.appId(), id, Move.WAIT, obstacle.get()))
                    .toList();
        }
        return everyone(held ? Move.PREPARE : Move.BRACE, "");
    }

    /** True when the old version is not on its way up or down. */
    private static boolean rests(AppSlot member, Surroundings others) {
        return switch (member.phase()) {
            case Phase.Starting _, Phase.Stopping _ -> false;
            case Phase.Installed _ -> member.active().isEmpty();
            case Phase.Waiting _ -> member.active().flatMap(others::lacking).isPresent();
            case Phase.Running _,
                    Phase.Stopped _,
                    Phase.Failed _,
                    Phase.Backoff _,
                    Phase.Quarantined _,
                    Phase.Removed _ -> true;
        };
    }

    private Optional<String> obstacle(boolean gatesOpen, Surroundings others) {
        List<String> gates = gates();
        return members.stream()
                .filter(member -> member.trial().isPresent() && member.phase() instanceof Phase.Running)
                .flatMap(member -> member.active().stream())
                .map(old -> old.release() + " is proven")
                .findFirst()
                .or(() -> lacking(others))
                .or(() -> gates.isEmpty() || gatesOpen ? Optional.empty() : Optional.of(String.join(" and ", gates)));
    }

    /** What a new version needs, seen as if all the others were there already. */
    private Optional<String> lacking(Surroundings others) {
        Surroundings together = appId -> members.stream()
                .filter(member -> member.appId().equals(appId))
                .findFirst()
                .flatMap(Ensemble::edition)
                .map(e -> new Surroundings.Standing(e.release().version(), Surroundings.Presence.UP, "running"))
                .or(() -> others.of(appId));
        return members.stream()
                .flatMap(member -> edition(member).flatMap(together::lacking).stream())
                .findFirst();
    }

    private List<Cue> everyone(Move move, String why) {
        return members.stream()
                .map(member -> new Cue(member.appId(), id, move, why))
                .toList();
    }

    private List<Cue> next() {
        return members.stream()
                .filter(member -> state(member) == State.CUED)
                .map(member -> new Cue(member.appId(), id, Move.CUT, ""))
                .findFirst()
                .stream()
                .toList();
    }

    /** The members as they stand after a restart of the agent: what was begun goes on, what was not begins anew. */
    List<AppSlot> revived() {
        boolean begun = members.stream().anyMatch(PartRules::isOver);
        boolean done = members.stream().allMatch(PartRules::isOver);
        State waiting = begun ? State.CUED : State.HELD;
        State over = done ? State.OVER : State.TAKING;
        return members.stream()
                .filter(member -> state(member) != State.BROKEN)
                .map(member ->
                        member.withPart(member.part().map(part -> part.at(PartRules.isOver(member) ? over : waiting))))
                .toList();
    }
}
