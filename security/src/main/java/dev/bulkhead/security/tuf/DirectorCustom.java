package dev.bulkhead.security.tuf;

import dev.bulkhead.security.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** What only a director says, in {@code custom.bulkhead}: which vehicle, what time, the name of each order, which belong together. */
final class DirectorCustom {
    static final String MEMBER = "bulkhead";
    static final String VEHICLE_ID = "vehicleId";

    private static final String SIGNED_AT = "signedAt";

    private DirectorCustom() {}

    /** What a director adds to the targets of a vehicle: its name, and the time, which no vehicle will go behind. */
    static Json.Obj forVehicle(String vehicleId, Instant signedAt) {
        return Json.object()
                .with(
                        MEMBER,
                        Json.object()
                                .with(SIGNED_AT, Json.of(signedAt.getEpochSecond()))
                                .with(VEHICLE_ID, Json.of(vehicleId)));
    }

    static Optional<Instant> signedAt(Targets targets) {
        return ours(targets.custom(), SIGNED_AT)
                .flatMap(value -> value instanceof Json.Num seconds ? instant(seconds.value()) : Optional.empty());
    }

    private static Optional<Instant> instant(long epochSecond) {
        try {
            return Optional.of(Instant.ofEpochSecond(epochSecond));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static Optional<String> vehicleId(Targets targets) {
        return text(targets.custom(), VEHICLE_ID);
    }

    static Optional<String> assignment(TargetFile target) {
        return text(target.custom(), ApprovedTarget.ASSIGNMENT_ID);
    }

    /** As it stands there, so that nobody takes one that is no text for none. */
    static Optional<Json> ensemble(TargetFile target) {
        return ours(target.custom(), ApprovedTarget.ENSEMBLE_ID);
    }

    static TargetFile mark(Director.Order order) {
        Json.Obj custom = order.target().custom().orElse(Json.object());
        Json.Obj ours = custom.find(MEMBER).orElse(null) instanceof Json.Obj object ? object : Json.object();
        Json.Obj named = ours.with(ApprovedTarget.ASSIGNMENT_ID, Json.of(order.assignmentId()));
        Json.Obj marked = custom.with(
                MEMBER,
                order.ensembleId()
                        .map(ensemble -> named.with(ApprovedTarget.ENSEMBLE_ID, Json.of(ensemble)))
                        .orElse(named));
        return new TargetFile(
                order.target().path(), order.target().length(), order.target().hashes(), Optional.of(marked));
    }

    private static Optional<String> text(Optional<Json.Obj> custom, String name) {
        return ours(custom, name)
                .flatMap(value -> value instanceof Json.Str string ? Optional.of(string.value()) : Optional.empty());
    }

    private static Optional<Json> ours(Optional<Json.Obj> custom, String name) {
        return custom.flatMap(all -> all.find(MEMBER))
                .flatMap(ours -> ours instanceof Json.Obj object ? object.find(name) : Optional.empty());
    }
}
