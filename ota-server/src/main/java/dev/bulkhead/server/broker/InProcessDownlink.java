package dev.bulkhead.server.broker;

import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.extension.sdk.api.packets.general.Qos;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import com.hivemq.extension.sdk.api.services.builder.PublishBuilder;
import com.hivemq.extension.sdk.api.services.publish.PublishService;
import com.hivemq.extension.sdk.api.services.session.ClientService;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes inside the broker's process, without a connection. */
final class InProcessDownlink implements Downlink {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessDownlink.class);

    private final FleetTopics topics;
    private final PublishService service;
    private final ClientService clients;

    InProcessDownlink(FleetTopics topics, PublishService service, ClientService clients) {
        this.topics = topics;
        this.service = service;
        this.clients = clients;
    }

    @Override
    public void send(VehicleId vehicle, DownlinkKind kind, byte[] payload, Duration expiry) {
        publish(message(topics.down(vehicle, kind), payload).messageExpiryInterval(Math.max(1, expiry.toSeconds())));
    }

    @Override
    public void retainImageTimestamp(byte[] payload) {
        publish(message(topics.imageTimestamp(), payload).retain(true));
    }

    @Override
    public void hangUp(VehicleId vehicle, String why) {
        var _ = clients.disconnectClient(vehicle.value(), false, DisconnectReasonCode.ADMINISTRATIVE_ACTION, why)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.error("the connection of {} could not be ended", vehicle, failure);
                    }
                });
    }

    private static PublishBuilder message(String topic, byte[] payload) {
        return Builders.publish().topic(topic).qos(Qos.AT_LEAST_ONCE).payload(ByteBuffer.wrap(payload));
    }

    private void publish(PublishBuilder message) {
        var _ = service.publish(message.build()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("a message to the fleet was not taken by the broker: {}", failure.getMessage());
            }
        });
    }
}
