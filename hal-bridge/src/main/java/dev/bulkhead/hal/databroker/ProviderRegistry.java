package dev.bulkhead.hal.databroker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Which provider has which signal, and how often subscribers want it: the smallest interval is told to the provider as a filter whenever it
 * changes. Thread-safe.
 */
final class ProviderRegistry {
    /** Who provides signals. Called with the registry's lock held: must not block and must not call back. */
    interface Owner {
        /** New filters by signal id, in milliseconds; empty when nobody listens any more. */
        void filter(Map<Integer, OptionalInt> filters);
    }

    private record Offer(Owner owner, int intervalMillis) {}

    /** Subscribers of one signal: how many want which interval, and how many take what the provider offers. */
    private static final class Demand {
        private final TreeMap<Integer, Integer> intervals = new TreeMap<>();
        private int asOffered;

        private void add(OptionalInt interval) {
            if (interval.isPresent()) {
                intervals.merge(interval.getAsInt(), 1, Integer::sum);
            } else {
                asOffered++;
            }
        }

        private void remove(OptionalInt interval) {
            if (interval.isPresent()) {
                intervals.computeIfPresent(interval.getAsInt(), (key, count) -> count == 1 ? null : count - 1);
            } else {
                asOffered--;
            }
        }

        private boolean none() {
            return intervals.isEmpty() && asOffered == 0;
        }

        private OptionalInt filter(int offered) {
            if (none()) {
                return OptionalInt.empty();
            }
            int asked = intervals.isEmpty() ? Integer.MAX_VALUE : intervals.firstKey();
            return OptionalInt.of(asOffered > 0 ? Math.min(asked, offered) : asked);
        }
    }

    private final Map<Integer, Offer> offers = new HashMap<>();
    private final Map<Integer, Demand> demands = new HashMap<>();

    /**
     * Gives signals to a provider, all or none; what it had before it may offer anew.
     *
     * @param intervals in milliseconds, by signal id
     * @return a signal that another provides; empty when all were given
     */
    synchronized Optional<Integer> claim(Owner owner, Map<Integer, Integer> intervals) {
        for (int id : intervals.keySet()) {
            Offer offer = offers.get(id);
            if (offer != null && !offer.owner().equals(owner)) {
                return Optional.of(id);
            }
        }
        intervals.forEach((id, interval) -> offers.put(id, new Offer(owner, interval)));
        return Optional.empty();
    }

    /** Tells the owner what is wanted of these signals now; those nobody listens to are left out. */
    synchronized void tell(Owner owner, Collection<Integer> ids) {
        Map<Integer, OptionalInt> filters = new LinkedHashMap<>();
        for (int id : ids) {
            OptionalInt filter = filter(id);
            if (filter.isPresent()) {
                filters.put(id, filter);
            }
        }
        if (!filters.isEmpty()) {
            owner.filter(filters);
        }
    }

    synchronized void leave(Owner owner) {
        offers.values().removeIf(offer -> offer.owner().equals(owner));
    }

    /** Who provides the signal. */
    synchronized Optional<Owner> owner(int id) {
        return Optional.ofNullable(offers.get(id)).map(Offer::owner);
    }

    /** How often its provider promises it anew, in milliseconds; 0 when nobody does. */
    synchronized int offeredMillis(int id) {
        Offer offer = offers.get(id);
        return offer == null ? 0 : offer.intervalMillis();
    }

    /**
     * Counts a subscriber of these signals until the answer is closed, once.
     *
     * @param interval in milliseconds; empty: as the provider offers
     */
    Listening listen(Collection<Integer> ids, OptionalInt interval) {
        List<Integer> kept = List.copyOf(ids);
        change(kept, demand -> demand.add(interval));
        return () -> change(kept, demand -> demand.remove(interval));
    }

    /** A subscriber that is counted. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** One step in what is wanted. */
    private interface Step {
        void on(Demand demand);
    }

    private synchronized void change(List<Integer> ids, Step step) {
        Map<Owner, Map<Integer, OptionalInt>> news = new LinkedHashMap<>();
        for (int id : ids) {
            OptionalInt before = filter(id);
            Demand demand = demands.computeIfAbsent(id, key -> new Demand());
            step.on(demand);
            if (demand.none()) {
                demands.remove(id);
            }
            OptionalInt after = filter(id);
            Offer offer = offers.get(id);
            if (offer != null && !after.equals(before)) {
                news.computeIfAbsent(offer.owner(), key -> new LinkedHashMap<>())
                        .put(id, after);
            }
        }
        news.forEach(Owner::filter);
    }

    private OptionalInt filter(int id) {
        Demand demand = demands.get(id);
        return demand == null ? OptionalInt.empty() : demand.filter(offeredMillis(id));
    }

    /** The signals one owner has. */
    synchronized List<Integer> signals(Owner owner) {
        List<Integer> ids = new ArrayList<>();
        offers.forEach((id, offer) -> {
            if (offer.owner().equals(owner)) {
                ids.add(id);
            }
        });
        return ids;
    }
}
