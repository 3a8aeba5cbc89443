package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Cuts whole lines of a manifest down to what ceiling and rules leave of them. */
final class DeclaredView {
    private static final int MAX_PARTS = 64;

    private final List<CapabilityLine> ceiling;
    private final List<PolicyRule> rules;

    DeclaredView(List<CapabilityLine> ceiling, List<PolicyRule> rules) {
        this.ceiling = ceiling;
        this.rules = rules;
    }

    DeclaredGrant of(CapabilityLine request, AppGrants grants) {
        List<Capability> within = new ArrayList<>();
        for (CapabilityLine line : ceiling) {
            if (!line.deny() && within.size() < MAX_PARTS) {
                within.addAll(request.capability().intersect(line.capability()));
            }
        }
        Set<Capability> left = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        for (PolicyRule rule : rules) {
            for (Capability part : within) {
                List<Capability> common = rule.line().deny() || left.size() >= MAX_PARTS
                        ? List.of()
                        : part.intersect(rule.line().capability());
                left.addAll(common);
                common.forEach(c -> names.add(rule.label()));
            }
        }
        left.removeIf(this::denied);
        if (left.isEmpty()) {
            Decision.Deny deny = grants.nothingLeft(!within.isEmpty());
            return new DeclaredGrant(request, List.of(), deny.rule(), deny.why());
        }
        String given = String.join(", ", names);
        return new DeclaredGrant(request, List.copyOf(left), given, "granted by " + given + denials(left));
    }

    private boolean denied(Capability part) {
        return rules.stream().anyMatch(rule -> rule.line().deny() && within(part, rule.line()));
    }

    /** Whether all of a capability lies within a line that carries no limits, as denials do not. */
    static boolean within(Capability part, CapabilityLine line) {
        return part.intersect(line.capability()).equals(List.of(part));
    }

    private String denials(Set<Capability> left) {
        List<String> cut = rules.stream()
                .filter(rule -> rule.line().deny())
                .filter(rule -> left.stream()
                        .anyMatch(c -> !c.intersect(rule.line().capability()).isEmpty()))
                .map(PolicyRule::label)
                .distinct()
                .toList();
        return cut.isEmpty() ? "" : ", less what is denied by " + String.join(", ", cut);
    }
}
