package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.Cloud;
import dev.bulkhead.contract.capability.Infer;
import dev.bulkhead.contract.capability.Message;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.Storage;
import dev.bulkhead.contract.capability.ValueRange;
import dev.bulkhead.contract.capability.Wasi;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Says how the use of a grant comes close to its limits: within 10 % of a rate, 2 % of an end of a range. */
final class NearLimit {
    private static final double RATE_SHARE = 0.9;
    private static final double RANGE_SHARE = 0.02;

    private NearLimit() {}

    static Optional<String> of(List<Capability> effective, List<MatrixTouch> touches) {
        return Stream.concat(
                        hits(touches).stream(),
                        touches.stream()
                                .filter(touch -> touch.kind() == Touch.Kind.USED)
                                .flatMap(touch -> effective.stream()
                                        .filter(capability -> covers(capability, touch))
                                        .flatMap(capability -> close(capability, touch.tally()).stream())))
                .findFirst();
    }

    private static boolean covers(Capability capability, MatrixTouch touch) {
        return TouchQuery.Lines.read(touch.access())
                .filter(access -> !access.intersect(capability).isEmpty())
                .isPresent();
    }

    private static Optional<String> hits(List<MatrixTouch> touches) {
        return touches.stream()
                .filter(touch -> touch.kind() == Touch.Kind.LIMITED)
                .findFirst()
                .map(touch -> touch.tally().count() + " × " + touch.rule() + " at " + touch.access());
    }

    private static Optional<String> close(Capability capability, Tally tally) {
        return switch (capability) {
            case SignalRead read -> rate(read.rateHz(), tally);
            case SignalActuate actuate ->
                rate(actuate.rateHz(), tally).or(() -> actuate.range().flatMap(range -> range(range, tally)));
            case CanReceive receive -> rate(receive.access().rateFps(), tally);
            case CanTransmit transmit -> rate(transmit.access().rateFps(), tally);
            case Message message -> rate(message.ratePerSecond(), tally);
            case Cloud cloud -> rate(cloud.ratePerSecond(), tally);
            case Storage storage -> Optional.empty();
            case Wasi wasi -> Optional.empty();
            case Infer infer -> Optional.empty();
        };
    }

    private static Optional<String> rate(OptionalDouble limit, Tally tally) {
        if (limit.isEmpty() || tally.peakPerSecond() < RATE_SHARE * limit.getAsDouble()) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT, "%.1f/s at most, %.6g/s granted", tally.peakPerSecond(), limit.getAsDouble()));
    }

    private static Optional<String> range(ValueRange range, Tally tally) {
        double margin = RANGE_SHARE * (range.high() - range.low());
        boolean low = tally.least().isPresent() && tally.least().getAsDouble() < range.low() + margin;
        boolean high = tally.greatest().isPresent() && tally.greatest().getAsDouble() > range.high() - margin;
        if (margin == 0 || (!low && !high)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "wrote %.6g..%.6g of %s",
                tally.least().orElseThrow(),
                tally.greatest().orElseThrow(),
                range));
    }
}
