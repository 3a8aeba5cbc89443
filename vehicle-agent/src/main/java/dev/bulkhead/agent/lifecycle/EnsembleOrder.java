package dev.bulkhead.agent.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Several packages that are handed in as one, all or none.
 *
 * @param ensemble what the order is called; two orders have the same name only when they are the same
 * @param items one for each app, 1 to {@link Part#MOST_MEMBERS}
 */
public record EnsembleOrder(String ensemble, List<Item> items) {
    /**
     * One package.
     *
     * @param content the package file; empty for one that is stored here already and named by the order
     */
    public record Item(InstallOrder order, Optional<Path> content) {
        public Item {
            Objects.requireNonNull(order, "order");
            Objects.requireNonNull(content, "content");
        }

        /** The app, or the order's name where that is not known before the package is read. */
        String name() {
            return order.expected().map(ReleaseRef::appId).orElse(order.assignment());
        }
    }

    public EnsembleOrder {
        Objects.requireNonNull(ensemble, "ensemble");
        items = List.copyOf(items);
        if (items.isEmpty() || items.size() > Part.MOST_MEMBERS) {
            throw new IllegalArgumentException("order " + ensemble + " has " + items.size() + " packages; 1 to "
                    + Part.MOST_MEMBERS + " can change as one");
        }
    }
}
