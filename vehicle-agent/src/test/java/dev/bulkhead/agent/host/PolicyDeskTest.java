package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.Decision;
import dev.bulkhead.security.policy.PolicyDecider;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyDeskTest {
    private static final AccessRequest SPEED = new AccessRequest.ReadSignal("Vehicle.Speed");

    private final PolicyInForce policy = new PolicyInForce(decider(1, "signal ** read"));
    private final PolicyDesk desk = new PolicyDesk(
            policy,
            new AppIdentity("acme", "com.acme.app", "1.0.0"),
            List.of(CapabilityLine.parse("signal ** read"), CapabilityLine.parse("deny signal Vehicle.Cabin.** read")));

    private static PolicyDecider decider(int epoch, String lines) {
        return new PolicyDecider(Bench.policy(epoch, lines), ActuatorFrames.none());
    }

    @Test
    void remembersWhatItAllowed() {
        Decision first = assertInstanceOf(Decision.Allow.class, desk.decide(SPEED));
        assertSame(first, desk.decide(new AccessRequest.ReadSignal("Vehicle.Speed")));
        assertInstanceOf(Decision.Deny.class, desk.decide(new AccessRequest.Actuate("Vehicle.Speed")));
    }

    @Test
    void forgetsItUnderAnotherPolicy() {
        assertInstanceOf(Decision.Allow.class, desk.decide(SPEED));
        assertTrue(policy.replace(decider(2, "signal Vehicle.Body.** read")));
        assertInstanceOf(Decision.Deny.class, desk.decide(SPEED));
        assertEquals(2, desk.epoch());
        assertTrue(policy.replace(decider(3, "signal ** read")));
        assertInstanceOf(Decision.Allow.class, desk.decide(SPEED));
    }

    @Test
    void remembersNoMoreThanItsBoundAndDecidesTheRestEachTime() {
        for (int i = 0; i < 64; i++) {
            assertInstanceOf(Decision.Allow.class, desk.decide(new AccessRequest.ReadSignal("Vehicle.S" + i)));
        }
        Decision first = assertInstanceOf(Decision.Allow.class, desk.decide(SPEED));
        Decision second = assertInstanceOf(Decision.Allow.class, desk.decide(SPEED));
        assertNotSame(first, second);
    }

    @Test
    void remembersNoDenial() {
        AccessRequest cabin = new AccessRequest.ReadSignal("Vehicle.Cabin.Door");
        Decision first = assertInstanceOf(Decision.Deny.class, desk.decide(cabin));
        assertNotSame(first, assertInstanceOf(Decision.Deny.class, desk.decide(cabin)));
    }

    @Test
    void knowsWhatIsRequestedAndNotDeniedByTheAppItself() {
        assertEquals(1, desk.requested().size());
    }
}
