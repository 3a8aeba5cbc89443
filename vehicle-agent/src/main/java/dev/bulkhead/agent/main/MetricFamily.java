package dev.bulkhead.agent.main;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One metric over many things of a kind.
 *
 * @param name without the {@code _total} the format gives a counter
 */
record MetricFamily<T>(String name, String help, boolean counts, ToDoubleFunction<T> value) {
    static <T> MetricFamily<T> gauge(String name, String help, ToDoubleFunction<T> value) {
        return new MetricFamily<>(name, help, false, value);
    }

    static <T> MetricFamily<T> counter(String name, String help, ToDoubleFunction<T> value) {
        return new MetricFamily<>(name, help, true, value);
    }

    /** The same metric of what has a thing. */
    <U> MetricFamily<U> with(Function<U, T> part) {
        return new MetricFamily<>(name, help, counts, whole -> value.applyAsDouble(part.apply(whole)));
    }

    MetricSnapshot of(Collection<T> things, Function<T, Labels> labels) {
        if (counts) {
            CounterSnapshot.Builder family =
                    CounterSnapshot.builder().name(name).help(help);
            things.forEach(thing -> family.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels.apply(thing))
                    .value(value.applyAsDouble(thing))
                    .build()));
            return family.build();
        }
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        things.forEach(thing -> family.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels.apply(thing))
                .value(value.applyAsDouble(thing))
                .build()));
        return family.build();
    }
}
