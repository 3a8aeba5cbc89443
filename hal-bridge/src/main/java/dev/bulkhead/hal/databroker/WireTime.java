package dev.bulkhead.hal.databroker;

import com.google.protobuf.Timestamp;
import dev.bulkhead.hal.databroker.proto.v2.Datapoint;
import dev.bulkhead.hal.time.VehicleClock;

/** Times of values: monotonic nanoseconds here, civil time on the wire. */
public final class WireTime {
    private static final long LONGEST_AGE_SECONDS = 86_400L * 365;

    private WireTime() {}

    /** Civil time of a value sampled at {@code sampledNanos} of the vehicle's clock. */
    public static Timestamp timestamp(long sampledNanos, VehicleClock clock) {
        long age = clock.nanos() - sampledNanos;
        long unixMillis = clock.unixMillis();
        long seconds = Math.floorDiv(unixMillis, 1_000) - age / 1_000_000_000;
        long nanos = Math.floorMod(unixMillis, 1_000) * 1_000_000L - age % 1_000_000_000;
        return Timestamp.newBuilder()
                .setSeconds(seconds + Math.floorDiv(nanos, 1_000_000_000L))
                .setNanos((int) Math.floorMod(nanos, 1_000_000_000L))
                .build();
    }

    /** When a value was sampled, on the vehicle's clock: as its sender says unless that lies in the future; now when it does not say. */
    public static long sampled(Datapoint datapoint, VehicleClock clock) {
        long now = clock.nanos();
        if (!datapoint.hasTimestamp()) {
            return now;
        }
        Timestamp told = datapoint.getTimestamp();
        long ageSeconds = clock.unixMillis() / 1_000 - told.getSeconds();
        if (ageSeconds > LONGEST_AGE_SECONDS) {
            return 0;
        }
        long age = (clock.unixMillis() - told.getSeconds() * 1_000) * 1_000_000 - told.getNanos();
        return ageSeconds < 0 ? now : Math.clamp(now - age, 0, now);
    }
}
