package dev.bulkhead.agent.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bulkhead.agent.host.GrantDesk;
import dev.bulkhead.agent.host.PolicyDesk;
import dev.bulkhead.agent.host.PolicyInForce;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReleaseRightsTest {
    private static final AppIdentity APP = new AppIdentity("acme", "com.acme.app", "1.0.0");

    private final PolicyInForce policy = new PolicyInForce(decider(1));
    private final ReleaseRights rights = new ReleaseRights(desk());
    private int made;

    private static PolicyDecider decider(int epoch) {
        return new PolicyDecider(VehiclePolicy.parse("""
            [policy]
            name = "test"
            epoch = %d
            """.formatted(epoch), "policy.toml"), ActuatorFrames.none());
    }

    private PolicyDesk desk() {
        return new PolicyDesk(policy, APP, List.of());
    }

    private AuditEntry view(GrantDesk desk) {
        made++;
        return AuditEntry.newBuilder()
                .setDeclared(AuditEntry.Declared.newBuilder().setPolicyEpoch(desk.epoch()))
                .build();
    }

    @Test
    void isDeclaredAlikeForAsLongAsThePolicyIsTheSame() {
        AuditEntry first = rights.declaration(this::view);
        assertSame(first, rights.declaration(this::view));
        assertEquals(1, made);
    }

    @Test
    void isDeclaredAnewUnderAnotherPolicy() {
        rights.declaration(this::view);
        policy.replace(decider(2));
        assertEquals(2, rights.declaration(this::view).getDeclared().getPolicyEpoch());
        assertEquals(2, made);
    }

    @Test
    void keepsNoDeclarationThatWasMadeWhileThePolicyChanged() {
        AuditEntry half = rights.declaration(desk -> {
            AuditEntry entry = view(desk);
            policy.replace(decider(2));
            return entry;
        });
        assertNotSame(half, rights.declaration(this::view));
        assertEquals(2, rights.declaration(this::view).getDeclared().getPolicyEpoch());
    }
}
