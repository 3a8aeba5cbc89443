package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Infer;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.Wasi;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one app version may do under one policy. A decision looks at each line of manifest, ceiling and policy once;
 * hosts keep the answer with the handle and ask again when the epoch changes. Immutable and thread-safe.
 */
public final class AppGrants {
    /** Most lines a manifest may bring; more are refused before anything is decided. */
    public static final int MAX_REQUESTS = 512;

    private static final int MAX_COMBINATIONS = 1024;

    private final VehiclePolicy policy;
    private final CanGuards guards;
    private final AppIdentity app;
    private final List<CapabilityLine> requests;
    private final Optional<VendorCeiling> ceiling;
    private final List<PolicyRule> rules;

    AppGrants(VehiclePolicy policy, ActuatorFrames frames, AppIdentity app, List<CapabilityLine> requests) {
        if (requests.size() > MAX_REQUESTS) {
            throw new IllegalArgumentException(
                    app.appId() + " asks for " + requests.size() + " capabilities; " + MAX_REQUESTS + " are the most");
        }
        this.policy = policy;
        this.guards = new CanGuards(frames);
        this.app = app;
        this.requests = narrowestFirst(requests, Function.identity());
        this.ceiling = policy.vendor(app.vendor());
        this.rules = narrowestFirst(
                policy.rules().stream()
                        .filter(rule -> rule.apps().matches(app.appId()))
                        .toList(),
                PolicyRule::line);
    }

    private static <T> List<T> narrowestFirst(List<T> lines, Function<T, CapabilityLine> line) {
        return lines.stream()
                .sorted(Comparator.comparingLong(l -> Breadth.of(line.apply(l).capability())))
                .toList();
    }

    /** The epoch this was decided under. */
    public long epoch() {
        return policy.epoch();
    }

    /** Whom it is about. */
    public AppIdentity app() {
        return app;
    }

    /** Decides one request. */
    public Decision decide(AccessRequest request) {
        Capability wanted = request.wanted();
        Optional<Decision> denied = denyLine(wanted);
        return denied.orElseGet(() -> grant(request, wanted));
    }

    /** What is left of one line of the manifest; for the declared view and for admission. */
    public DeclaredGrant declared(CapabilityLine line) {
        if (line.deny()) {
            return new DeclaredGrant(line, List.of(), "manifest", "the app denies it to itself");
        }
        Optional<Decision.Deny> whole = wholeDenied(line.capability());
        return whole.isPresent()
                ? new DeclaredGrant(
                        line, List.of(), whole.get().rule(), whole.get().why())
                : new DeclaredView(ceilingLines(), rules).of(line, this);
    }

    /** A line that lies within a denial as a whole has nothing left, whoever grants it. */
    private Optional<Decision.Deny> wholeDenied(Capability capability) {
        for (PolicyRule rule : rules) {
            if (rule.line().deny() && DeclaredView.within(capability, rule.line())) {
                return Optional.of(new Decision.Deny(
                        rule.label(),
                        "denied by " + rule.label() + ": " + rule.line().text()));
            }
        }
        for (CapabilityLine line : ceilingLines()) {
            if (line.deny() && DeclaredView.within(capability, line)) {
                return Optional.of(
                        new Decision.Deny(ceilingLabel(), "denied by the " + ceilingLabel() + ": " + line.text()));
            }
        }
        return Optional.empty();
    }

    /** Why nothing is left of a line. */
    Decision.Deny nothingLeft(boolean withinCeiling) {
        return withinCeiling ? notGranted() : outsideCeiling();
    }

    private Optional<Decision> denyLine(Capability wanted) {
        for (PolicyRule rule : rules) {
            if (denies(rule.line(), wanted)) {
                return deny(
                        rule.label(),
                        "denied by " + rule.label() + ": " + rule.line().text());
            }
        }
        for (CapabilityLine line : ceilingLines()) {
            if (denies(line, wanted)) {
                return deny(ceilingLabel(), "denied by the " + ceilingLabel() + ": " + line.text());
            }
        }
        for (CapabilityLine line : requests) {
            if (denies(line, wanted)) {
                return deny("manifest", "the manifest of " + app.appId() + " denies it to itself: " + line.text());
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> deny(String rule, String why) {
        return Optional.of(new Decision.Deny(rule, why));
    }

    private static boolean denies(CapabilityLine line, Capability wanted) {
        return line.deny() && !wanted.intersect(line.capability()).isEmpty();
    }

    private Decision grant(AccessRequest request, Capability wanted) {
        List<CapabilityLine> asked = covering(requests, Function.identity(), wanted);
        List<CapabilityLine> allowed = covering(ceilingLines(), Function.identity(), wanted);
        List<PolicyRule> granted = covering(rules, PolicyRule::line, wanted);
        if (asked.isEmpty()) {
            return new Decision.Deny("manifest", "not requested in the manifest of " + app.appId());
        }
        if (allowed.isEmpty()) {
            return outsideCeiling();
        }
        if (granted.isEmpty()) {
            return notGranted();
        }
        return combine(request, wanted, asked, allowed, granted);
    }

    private Decision.Deny notGranted() {
        return new Decision.Deny(
                policyLabel(), "nothing grants it: no rule of " + policyLabel() + " gives it to " + app.appId());
    }

    private Decision.Deny outsideCeiling() {
        if (ceiling.isEmpty()) {
            return new Decision.Deny(
                    policyLabel(), "nothing grants it: vendor " + app.vendor() + " is not in " + policyLabel());
        }
        String why = ceiling.get().owns(app.appId())
                ? "outside the " + ceilingLabel()
                : app.appId() + " is not below the prefix " + ceiling.get().prefix() + " of vendor " + app.vendor();
        return new Decision.Deny(ceilingLabel(), why);
    }

    private Decision combine(
            AccessRequest request,
            Capability wanted,
            List<CapabilityLine> asked,
            List<CapabilityLine> allowed,
            List<PolicyRule> granted) {
        Decision refusal = new Decision.Deny(
                granted.getFirst().label(),
                "the limits of manifest, ceiling and " + granted.getFirst().label() + " leave nothing in common");
        int tries = 0;
        for (PolicyRule rule : granted) {
            for (CapabilityLine most : allowed) {
                for (CapabilityLine line : asked) {
                    if (++tries > MAX_COMBINATIONS) {
                        return refusal;
                    }
                    Optional<Decision.Deny> guarded = guards.refuse(request, line, rule);
                    Optional<Capability> effective = common(wanted, line, most, rule);
                    if (guarded.isPresent()) {
                        refusal = guarded.get();
                    } else if (effective.isPresent()) {
                        return allow(effective.get(), rule);
                    }
                }
            }
        }
        return refusal;
    }

    private static Decision allow(Capability effective, PolicyRule rule) {
        return new Decision.Allow(effective, rule.label(), "granted by " + rule.label());
    }

    /** Request, then ceiling, then rule: where "narrower" has no meaning the later one holds. */
    private static Optional<Capability> common(
            Capability wanted, CapabilityLine line, CapabilityLine most, PolicyRule rule) {
        return line.capability().intersect(wanted).stream()
                .flatMap(c -> c.intersect(most.capability()).stream())
                .flatMap(c -> c.intersect(rule.line().capability()).stream())
                .filter(c -> Failsafes.fit(c, most.capability(), rule.line().capability()))
                .findFirst();
    }

    private static <T> List<T> covering(List<T> lines, Function<T, CapabilityLine> line, Capability wanted) {
        return lines.stream()
                .filter(l -> !line.apply(l).deny() && covers(line.apply(l).capability(), wanted))
                .toList();
    }

    /** One thing is covered when it is met at all; a filter must be covered as a whole. */
    private static boolean covers(Capability line, Capability wanted) {
        return switch (wanted) {
            case Message message ->
                line instanceof Message other
                        && other.flow() == message.flow()
                        && other.topics().contains(message.topics());
            case Cloud cloud ->
                line instanceof Cloud other
                        && other.flow() == cloud.flow()
                        && other.topics().contains(cloud.topics());
            case SignalRead read -> meets(line, read);
            case SignalActuate actuate -> meets(line, actuate);
            case CanReceive receive -> meets(line, receive);
            case CanTransmit transmit -> meets(line, transmit);
            case Storage storage -> meets(line, storage);
            case Wasi wasi -> meets(line, wasi);
            case Infer infer -> meets(line, infer);
        };
    }

    private static boolean meets(Capability line, Capability wanted) {
        return !wanted.intersect(line).isEmpty();
    }

    private List<CapabilityLine> ceilingLines() {
        return ceiling.filter(c -> c.owns(app.appId()))
                .map(VendorCeiling::lines)
                .orElse(List.of());
    }

    private String ceilingLabel() {
        return ceiling.map(VendorCeiling::label).orElse("ceiling of vendor " + app.vendor());
    }

    private String policyLabel() {
        return "vehicle policy \"" + policy.name() + "\" (epoch " + policy.epoch() + ")";
    }
}
