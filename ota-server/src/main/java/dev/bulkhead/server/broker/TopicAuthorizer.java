package dev.bulkhead.server.broker;

import com.hivemq.extension.sdk.api.auth.PublishAuthorizer;
import com.hivemq.extension.sdk.api.auth.SubscriptionAuthorizer;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.PublishAuthorizerOutput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerInput;
import com.hivemq.extension.sdk.api.auth.parameter.SubscriptionAuthorizerOutput;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.packets.subscribe.SubackReasonCode;
import dev.bulkhead.server.broker.BrokerIncidents.Refusal;
import java.util.Optional;

/** Lets a vehicle speak under its own {@code up/} and hear its own {@code dn/}; every other wish is refused and recorded. */
final class TopicAuthorizer implements PublishAuthorizer, SubscriptionAuthorizer {
    private final BrokerRules rules;

    TopicAuthorizer(BrokerRules rules) {
        this.rules = rules;
    }

    @Override
    public void authorizePublish(PublishAuthorizerInput input, PublishAuthorizerOutput output) {
        PublishPacket packet = input.getPublishPacket();
        Optional<VehicleId> vehicle =
                VehicleId.parse(input.getClientInformation().getClientId());
        boolean own = vehicle.flatMap(id -> rules.topics().published(id, packet.getTopic()))
                .isPresent();
        if (own && !packet.getRetain()) {
            output.authorizeSuccessfully();
        } else {
            String why = own ? "a vehicle's messages are not retained" : "a vehicle publishes under its own up/ only";
            rules.incidents().refused(new Refusal(vehicle, "publish", why + ": " + packet.getTopic()));
            output.failAuthorization(AckReasonCode.NOT_AUTHORIZED, why);
        }
    }

    @Override
    public void authorizeSubscribe(SubscriptionAuthorizerInput input, SubscriptionAuthorizerOutput output) {
        String filter = input.getSubscription().getTopicFilter();
        Optional<VehicleId> vehicle =
                VehicleId.parse(input.getClientInformation().getClientId());
        if (vehicle.isPresent() && rules.topics().maySubscribe(vehicle.get(), filter)) {
            output.authorizeSuccessfully();
        } else {
            rules.incidents()
                    .refused(new Refusal(
                            vehicle, "subscribe", "a vehicle reads its own dn/ and the repository only: " + filter));
            output.failAuthorization(
                    SubackReasonCode.NOT_AUTHORIZED, "a vehicle reads its own dn/ and the repository only");
        }
    }
}
