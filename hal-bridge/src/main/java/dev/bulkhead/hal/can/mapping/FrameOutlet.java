package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.DbcSignal;
import dev.bulkhead.hal.can.dbc.FrameBuilder;
import dev.bulkhead.hal.can.mapping.Transform.Datum;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts frames together from signals. For commands ({@link #commands}) by {@code vss2dbc}; for a simulated control unit ({@link #sender})
 * also by {@code dbc2vss} backwards, where that can be turned round. Not thread-safe.
 */
public final class FrameOutlet {
    private record Place(ToBus to, DbcSignal signal) {}

    private final VehicleMapping mapping;
    private final FrameBuilder.Finisher finisher;
    private final Map<Integer, List<Place>> byLeaf = new HashMap<>();
    private final Map<Integer, List<Place>> byMessage = new HashMap<>();
    private final Map<Integer, FrameBuilder> builders = new HashMap<>();

    private FrameOutlet(VehicleMapping mapping, FrameBuilder.Finisher finisher, List<ToBus> places) {
        this.mapping = mapping;
        this.finisher = finisher;
        for (ToBus to : places) {
            DbcSignal signal = mapping.codec()
                    .find(to.idWord())
                    .orElseThrow()
                    .message()
                    .signals()
                    .get(to.signal());
            Place place = new Place(to, signal);
            byLeaf.computeIfAbsent(to.leaf().id(), id -> new ArrayList<>(1)).add(place);
            byMessage.computeIfAbsent(to.idWord(), id -> new ArrayList<>()).add(place);
        }
    }

    /** For commands: {@code vss2dbc} only. */
    public static FrameOutlet commands(VehicleMapping mapping, FrameBuilder.Finisher finisher) {
        return new FrameOutlet(mapping, finisher, mapping.toBus());
    }

    /** For a simulated control unit: every signal that can be told, by {@code vss2dbc} or by {@code dbc2vss} turned round. */
    public static FrameOutlet sender(VehicleMapping mapping, FrameBuilder.Finisher finisher) {
        List<ToBus> places = new ArrayList<>(mapping.toBus());
        for (FromBus from : mapping.fromBus()) {
            boolean told = mapping.toBus().stream()
                    .anyMatch(to -> to.idWord() == from.idWord() && to.signal() == from.signal());
            if (!told) {
                inverse(from.transform())
                        .ifPresent(back -> places.add(new ToBus(from.leaf(), from.idWord(), from.signal(), back)));
            }
        }
        return new FrameOutlet(mapping, finisher, places);
    }

    private static Optional<Transform> inverse(Transform transform) {
        return switch (transform) {
            case Transform.Identity identity -> Optional.of(identity);
            case Transform.Listed listed -> Optional.of(listed.inverse());
            case Transform.Computed computed -> Optional.empty();
        };
    }

    /** Whether any frame carries this leaf. */
    public boolean carries(SignalLeaf leaf) {
        return byLeaf.containsKey(leaf.id());
    }

    /** The frames that tell {@code value}, all other bits as they were told last; empty when no bits can carry it. */
    public List<CanFrame> frames(SignalLeaf leaf, SignalValue value) {
        List<CanFrame> frames = new ArrayList<>(1);
        for (Place place : byLeaf.getOrDefault(leaf.id(), List.of())) {
            FrameBuilder builder = builder(place.to().idWord());
            if (put(place, value, builder)) {
                frames.add(builder.build());
            }
        }
        return frames;
    }

    /**
     * The frame of one message with the present values of its signals. The caller may set further signals in {@link #builder} before.
     *
     * @param present gives the value of a leaf, or empty
     */
    public CanFrame frame(int idWord, Function<SignalLeaf, Optional<SignalValue>> present) {
        FrameBuilder builder = builder(idWord);
        for (Place place : byMessage.getOrDefault(idWord, List.of())) {
            present.apply(place.to().leaf()).ifPresent(value -> put(place, value, builder));
        }
        return builder.build();
    }

    /**
     * What keeps the bits of one message from frame to frame.
     *
     * @throws IllegalArgumentException when the bus has no such message
     */
    public FrameBuilder builder(int idWord) {
        return builders.computeIfAbsent(
                idWord,
                id -> new FrameBuilder(
                        mapping.codec()
                                .find(id)
                                .orElseThrow(
                                        () -> new IllegalArgumentException("no message " + Integer.toHexString(id))),
                        finisher));
    }

    /** A number is set to the nearest the bits can carry; a text by the value table. */
    private static boolean put(Place place, SignalValue value, FrameBuilder builder) {
        Optional<Datum> datum =
                Values.toDatum(value).flatMap(found -> transformed(place.to().transform(), found));
        if (datum.isEmpty()) {
            return false;
        }
        if (datum.get() instanceof Datum.Text(String text)) {
            return builder.setText(place.signal().name(), text);
        }
        builder.setNearest(place.signal().name(), datum.get().number().orElseThrow());
        return true;
    }

    private static Optional<Datum> transformed(Transform transform, Datum datum) {
        return switch (transform) {
            case Transform.Identity identity -> Optional.of(datum);
            case Transform.Listed listed -> listed.map(datum);
            case Transform.Computed computed ->
                datum.number().isPresent()
                        ? Optional.of(new Datum.Numeric(
                                computed.formula().of(datum.number().getAsDouble()) + 0.0))
                        : Optional.empty();
        };
    }
}
