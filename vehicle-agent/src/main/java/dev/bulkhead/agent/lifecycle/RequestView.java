package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.GrantDesk;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Flow;
import dev.bulkhead.contract.capability.Infer;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.Decision;
import java.util.Optional;

/**
 * What becomes of one line of a manifest under the policy in force, as far as it can be said without opening anything: a line that names
 * one thing is decided; one with a pattern is decided thing by thing when it is opened.
 */
final class RequestView {
    private RequestView() {}

    static AuditEntry.Declared.Request of(CapabilityRequest request, GrantDesk desk) {
        AuditEntry.Declared.Request.Builder view = AuditEntry.Declared.Request.newBuilder()
                .setLine(request.grant().text())
                .setReason(request.reason());
        if (request.grant().deny()) {
            return view.setRule("manifest")
                    .setWhy("the app denies it to itself")
                    .build();
        }
        Optional<AccessRequest> exact = exact(request.grant().capability());
        if (exact.isEmpty()) {
            return view.addEffective(request.grant().capability().toString())
                    .setRule("decided when opened")
                    .setWhy("the line names many things")
                    .build();
        }
        switch (desk.decide(exact.get())) {
            case Decision.Allow allow ->
                view.addEffective(allow.effective().toString())
                        .setRule(allow.rule())
                        .setWhy(allow.why());
            case Decision.Deny deny -> view.setRule(deny.rule()).setWhy(deny.why());
        }
        return view.build();
    }

    private static Optional<AccessRequest> exact(Capability capability) {
        try {
            return switch (capability) {
                case SignalRead read ->
                    Optional.of(new AccessRequest.ReadSignal(read.signals().text()));
                case SignalActuate actuate ->
                    Optional.of(new AccessRequest.Actuate(actuate.signals().text()));
                case CanReceive receive
                when receive.access().ids().isExact() ->
                    Optional.of(new AccessRequest.ReceiveCan(
                            receive.access().bus(),
                            receive.access().ids().first(),
                            receive.access().ids().extended()));
                case CanTransmit transmit
                when transmit.access().ids().isExact() ->
                    Optional.of(new AccessRequest.TransmitCan(
                            transmit.access().bus(),
                            transmit.access().ids().first(),
                            transmit.access().ids().extended()));
                case CanReceive _, CanTransmit _, Infer _ -> Optional.empty();
                case Message message ->
                    Optional.of(
                            message.flow() == Flow.PUBLISH
                                    ? new AccessRequest.Publish(message.topics().text())
                                    : new AccessRequest.Subscribe(
                                            message.topics().text()));
                case Cloud cloud ->
                    Optional.of(
                            cloud.flow() == Flow.PUBLISH
                                    ? new AccessRequest.PublishCloud(
                                            cloud.topics().text())
                                    : new AccessRequest.SubscribeCloud(
                                            cloud.topics().text()));
                case Storage _ -> Optional.of(new AccessRequest.UseStorage());
                case Wasi wasi -> Optional.of(new AccessRequest.UseWasi(wasi.part()));
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
