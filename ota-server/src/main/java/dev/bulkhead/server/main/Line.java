package dev.bulkhead.server.main;

import dev.bulkhead.contract.proto.Wake;
import dev.bulkhead.server.broker.Downlink;
import dev.bulkhead.server.broker.DownlinkKind;
import dev.bulkhead.server.broker.VehicleId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The line to the vehicles, which stands from when the broker has started. */
final class Line {
    private static final Duration WAKE_EXPIRES = Duration.ofMinutes(10);

    private final AtomicReference<@Nullable Downlink> downlink = new AtomicReference<>();

    void connect(Downlink link) {
        downlink.set(link);
    }

    Downlink downlink() {
        Downlink link = downlink.get();
        if (link == null) {
            throw new IllegalStateException("the broker has not started yet");
        }
        return link;
    }

    void wake(String vehicleId, String reason) {
        downlink()
                .send(
                        new VehicleId(vehicleId),
                        DownlinkKind.WAKE,
                        Wake.newBuilder().setReason(reason).build().toByteArray(),
                        WAKE_EXPIRES);
    }

    void hangUp(VehicleId vehicle, String why) {
        downlink().hangUp(vehicle, why);
    }

    void retainImageTimestamp(byte[] timestamp) {
        downlink().retainImageTimestamp(timestamp);
    }
}
