package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.dbc.DbcSignal;
import dev.bulkhead.hal.can.dbc.FrameValues;
import dev.bulkhead.hal.can.dbc.MessageCodec;
import dev.bulkhead.hal.can.mapping.Transform.Datum;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Publishes what frames say ({@code dbc2vss}). Not thread-safe: one thread feeds it. */
public final class FrameIntake {
    private final SignalStore store;
    private final Map<Integer, Plan> plans = new HashMap<>();
    private long ignored;

    public FrameIntake(VehicleMapping mapping, SignalStore store) {
        this.store = store;
        for (FromBus from : mapping.fromBus()) {
            plans.computeIfAbsent(
                            from.idWord(),
                            id -> new Plan(mapping.codec().find(id).orElseThrow()))
                    .add(from);
        }
    }

    /** Filters that let in exactly the frames that matter here; at most as many as there are messages. */
    public List<CanFilter> filters() {
        return plans.keySet().stream()
                .map(id -> CanFilter.exactly(id & CanFrame.EXTENDED_MASK, (id & CanFrame.EXTENDED) != 0))
                .toList();
    }

    /** Publishes the mapped signals of a frame; others are not looked at. */
    public void accept(CanFrame frame, long timeNanos) {
        Plan plan = plans.get(frame.idWord());
        if (plan != null) {
            plan.accept(frame, timeNanos);
        }
    }

    /** How many values had no place: not in the list of a mapping, or not of the leaf's type. */
    public long ignored() {
        return ignored;
    }

    private final class Plan {
        private final MessageCodec codec;
        private final FrameValues values;
        private final List<List<Feed>> feeds = new ArrayList<>();

        private Plan(MessageCodec codec) {
            this.codec = codec;
            this.values = codec.newValues();
            codec.message().signals().forEach(signal -> feeds.add(new ArrayList<>(1)));
        }

        private void add(FromBus from) {
            feeds.get(from.signal())
                    .add(new Feed(from, codec.message().signals().get(from.signal())));
        }

        private void accept(CanFrame frame, long timeNanos) {
            codec.decode(frame, values);
            for (int i = 0; i < values.count(); i++) {
                for (Feed feed : feeds.get(values.index(i))) {
                    feed.accept(values.raw(i), values.value(i), timeNanos);
                }
            }
        }
    }

    /** One leaf and what it was fed last. */
    private final class Feed {
        private final FromBus from;
        private final DbcSignal signal;
        private final @Nullable Map<Long, SignalValue> byRaw;
        private boolean fed;
        private long lastRaw;
        private long lastNanos;

        private Feed(FromBus from, DbcSignal signal) {
            this.from = from;
            this.signal = signal;
            this.byRaw = from.transform() instanceof Transform.Listed ? new HashMap<>() : null;
        }

        private void accept(long raw, double physical, long timeNanos) {
            if (fed && from.intervalNanos() > 0 && timeNanos - lastNanos < from.intervalNanos()) {
                return;
            }
            if (fed && from.onChange() && raw == lastRaw) {
                return;
            }
            if (publish(raw, physical, timeNanos)) {
                fed = true;
                lastRaw = raw;
                lastNanos = timeNanos;
            } else {
                ignored++;
            }
        }

        private boolean publish(long raw, double physical, long timeNanos) {
            return switch (from.transform()) {
                case Transform.Identity identity ->
                    from.leaf().type() == Datatype.STRING ? text(raw, timeNanos) : number(physical, timeNanos);
                case Transform.Computed computed -> number(computed.formula().of(physical), timeNanos);
                case Transform.Listed listed -> listed(listed, raw, physical, timeNanos);
            };
        }

        private boolean text(long raw, long timeNanos) {
            String text = signal.values().get(raw);
            return text != null && store.publish(from.leaf().id(), SignalValue.of(text), timeNanos);
        }

        private boolean number(double value, long timeNanos) {
            boolean real = from.leaf().type().isReal();
            return store.publish(from.leaf().id(), real ? value : Math.rint(value), timeNanos);
        }

        private boolean listed(Transform.Listed listed, long raw, double physical, long timeNanos) {
            SignalValue known = byRaw == null ? null : byRaw.get(raw);
            if (known == null) {
                Optional<SignalValue> found = look(listed, raw, physical);
                if (found.isEmpty()) {
                    return false;
                }
                known = found.get();
                if (byRaw != null && byRaw.size() < Transform.MAX_ENTRIES) {
                    byRaw.put(raw, known);
                }
            }
            return store.publish(from.leaf().id(), known, timeNanos);
        }

        private Optional<SignalValue> look(Transform.Listed listed, long raw, double physical) {
            String text = signal.values().get(raw);
            Optional<Datum> byText = text == null ? Optional.empty() : listed.map(new Datum.Text(text));
            return byText.or(() -> listed.map(new Datum.Numeric(physical + 0.0)))
                    .flatMap(datum -> Values.toSignal(datum, from.leaf().type()));
        }
    }
}
