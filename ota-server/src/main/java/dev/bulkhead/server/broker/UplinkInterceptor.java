package dev.bulkhead.server.broker;

import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.async.TimeoutFallback;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import dev.bulkhead.server.broker.UplinkHandler.Receipt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a vehicle's message out of the broker's stream, hands it on, and acknowledges it when it was dealt with. Nothing
 * a vehicle says is delivered to another client.
 */
final class UplinkInterceptor implements PublishInboundInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(UplinkInterceptor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FleetTopics topics;
    private final UplinkHandler handler;

    UplinkInterceptor(FleetTopics topics, UplinkHandler handler) {
        this.topics = topics;
        this.handler = handler;
    }

    @Override
    public void onInboundPublish(PublishInboundInput input, PublishInboundOutput output) {
        Optional<VehicleId> vehicle =
                VehicleId.parse(input.getClientInformation().getClientId());
        PublishPacket packet = input.getPublishPacket();
        Optional<UplinkKind> kind = vehicle.flatMap(id -> topics.published(id, packet.getTopic()));
        if (vehicle.isEmpty() || kind.isEmpty() || packet.getRetain()) {
            return; // the authorizer, which comes next, refuses it
        }
        UplinkMessage message = new UplinkMessage(vehicle.get(), kind.get(), bytes(packet));
        Async<PublishInboundOutput> pending =
                output.async(PATIENCE, TimeoutFallback.FAILURE, AckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        handler.receive(message).whenComplete((receipt, failure) -> {
            acknowledge(message, receipt, failure, pending.getOutput());
            pending.resume();
        });
    }

    private static void acknowledge(
            UplinkMessage message,
            @Nullable Receipt receipt,
            @Nullable Throwable failure,
            PublishInboundOutput output) {
        if (failure != null) {
            LOG.error("handling {} of {} failed", message.kind(), message.vehicle(), failure);
        }
        Receipt outcome = receipt == null ? Receipt.FAILED : receipt;
        switch (outcome) {
            case DONE -> output.preventPublishDelivery(AckReasonCode.SUCCESS);
            case MALFORMED ->
                output.preventPublishDelivery(AckReasonCode.PAYLOAD_FORMAT_INVALID, "not a valid message");
            case BUSY -> output.preventPublishDelivery(AckReasonCode.QUOTA_EXCEEDED, "busy, send again later");
            case FAILED -> output.preventPublishDelivery(AckReasonCode.UNSPECIFIED_ERROR, "failed, send again later");
        }
    }

    private static byte[] bytes(PublishPacket packet) {
        ByteBuffer payload = packet.getPayload().orElseGet(() -> ByteBuffer.allocate(0));
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }
}
