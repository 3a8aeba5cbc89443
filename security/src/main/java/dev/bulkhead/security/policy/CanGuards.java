package dev.bulkhead.security.policy;

import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.Optional;

/** The built-in guards of capabilities.md: what a line about many ids never grants. */
final class CanGuards {
    private static final String DIAGNOSTIC = "guard diagnostic-ids";
    private static final String ACTUATOR = "guard actuator-frames";

    private final ActuatorFrames frames;

    CanGuards(ActuatorFrames frames) {
        this.frames = frames;
    }

    Optional<Decision.Deny> refuse(AccessRequest request, CapabilityLine line, PolicyRule rule) {
        return switch (request) {
            case AccessRequest.ReceiveCan receive -> diagnostic(receive.id(), receive.extended(), line, rule);
            case AccessRequest.TransmitCan transmit ->
                diagnostic(transmit.id(), transmit.extended(), line, rule).or(() -> actuator(transmit, rule));
            case AccessRequest.ReadSignal read -> Optional.empty();
            case AccessRequest.Actuate actuate -> Optional.empty();
            case AccessRequest.Publish publish -> Optional.empty();
            case AccessRequest.Subscribe subscribe -> Optional.empty();
            case AccessRequest.PublishCloud publish -> Optional.empty();
            case AccessRequest.SubscribeCloud subscribe -> Optional.empty();
            case AccessRequest.UseStorage use -> Optional.empty();
            case AccessRequest.UseWasi use -> Optional.empty();
            case AccessRequest.RunModel run -> Optional.empty();
        };
    }

    private static Optional<Decision.Deny> diagnostic(int id, boolean extended, CapabilityLine line, PolicyRule rule) {
        boolean guarded = extended ? id >>> 16 == 0x18DA : id == 0x7DF || (id >= 0x7E0 && id <= 0x7EF);
        if (!guarded || (isExact(line.capability()) && isExact(rule.line().capability()))) {
            return Optional.empty();
        }
        String why =
                "diagnostic id " + Integer.toHexString(id) + " must be named exactly in the manifest and in a rule; "
                        + rule.label() + " and the manifest's line '" + line.text() + "' do not";
        return Optional.of(new Decision.Deny(DIAGNOSTIC, why));
    }

    private Optional<Decision.Deny> actuator(AccessRequest.TransmitCan transmit, PolicyRule rule) {
        boolean own = rule.ownGrant() && isExact(rule.line().capability());
        if (own || !frames.carryActuator(transmit.bus(), transmit.id(), transmit.extended())) {
            return Optional.empty();
        }
        String why = "frame " + Integer.toHexString(transmit.id())
                + " carries an actuator with a contract; sending it raw"
                + " needs a rule that names this id alone and says own-grant = true; " + rule.label() + " does not";
        return Optional.of(new Decision.Deny(ACTUATOR, why));
    }

    private static boolean isExact(Capability capability) {
        return switch (capability) {
            case CanReceive receive -> receive.access().ids().isExact();
            case CanTransmit transmit -> transmit.access().ids().isExact();
            default -> false;
        };
    }
}
