package dev.bulkhead.agent.tools;

import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.security.audit.AuditedApp;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.Decision;
import dev.bulkhead.security.policy.PolicyDecider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides for visitors as for apps: the ceiling of the vendor that stands for the door, and the rules for the visitor's name below it. What a
 * visitor asks for takes the place of a manifest. Answers are kept until the policy's epoch changes, at most {@value #MOST_KEPT}. Thread-safe.
 */
final class Desk {
    private static final int MOST_KEPT = 65_536;
    private static final String PREFIX = "tool.";
    private static final String VERSION = "visitor";

    private record Question(AuditedApp visitor, AccessRequest request) {}

    private record Answers(long epoch, Map<Question, Decision> known) {}

    private final PolicyInForce policy;
    private volatile Answers answers = new Answers(Long.MIN_VALUE, new ConcurrentHashMap<>());

    Desk(PolicyInForce policy) {
        this.policy = policy;
    }

    /** A visitor {@code name} at a door, as policy and audit log call it. */
    static AuditedApp visitor(String door, String name) {
        return new AuditedApp(PREFIX + door + "." + name, "", "");
    }

    Decision decide(AuditedApp visitor, AccessRequest request) {
        PolicyDecider decider = policy.decider();
        Answers kept = answers;
        if (kept.epoch() != decider.epoch() || kept.known().size() >= MOST_KEPT) {
            kept = new Answers(decider.epoch(), new ConcurrentHashMap<>());
            answers = kept;
        }
        return kept.known().computeIfAbsent(new Question(visitor, request), question -> ask(decider, question));
    }

    private static Decision ask(PolicyDecider decider, Question question) {
        String name = question.visitor().appId();
        return decider.decide(
                new AppIdentity(door(name), name, VERSION),
                List.of(new CapabilityLine(
                        false, question.request().wanted(), question.request().line())),
                question.request());
    }

    private static String door(String visitor) {
        return visitor.substring(PREFIX.length(), visitor.indexOf('.', PREFIX.length()));
    }
}
