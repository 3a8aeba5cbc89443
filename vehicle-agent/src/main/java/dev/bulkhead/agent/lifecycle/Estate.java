package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.KeyValueStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What apps have on disk besides their slots: package bytes and key-value data. Follows the slots, which are written first; what cannot be
 * done now is made up for at the next start. Used under the orchestrator's lock.
 */
final class Estate {
    private final CompartmentParts parts;
    private final SlotStore store;
    private final ConfigDesk config;
    private final Desks desks;

    Estate(CompartmentParts parts, SlotStore store, ConfigDesk config, Desks desks) {
        this.parts = parts;
        this.store = store;
        this.config = config;
        this.desks = desks;
    }

    /** What a kill may have left undone between a step and what follows from it on disk. Where records are damaged no package is dropped. */
    void catchUp(Survival survived) {
        if (survived.damages().isEmpty()) {
            Set<String> named = desks.named();
            survived.packages().stream()
                    .filter(digest -> !named.contains(digest))
                    .forEach(this::dropBytes);
        }
        desks.all().forEach(desk -> catchUp(desk.slot()));
        desks.all().stream()
                .filter(desk -> desk.slot().phase() instanceof Phase.Quarantined)
                .forEach(desk -> desk.recall(
                        survived.lastWords().getOrDefault(desk.slot().appId(), List.of())));
    }

    private void catchUp(AppSlot slot) {
        String appId = slot.appId();
        data(appId, data -> {
            Optional<String> active = slot.active().map(e -> e.release().packageDigest());
            Optional<String> remembered = data.remembersFor(appId);
            if (remembered.isPresent() && !remembered.equals(active)) {
                data.giveBack(appId);
            } else if (remembered.isPresent() && slot.fallback().isEmpty()) {
                data.settle(appId);
            } else if (remembered.isEmpty() && slot.fallback().isPresent() && active.isPresent()) {
                data.handOver(appId, active.get(), List.of());
            }
        });
    }

    void handOver(String appId, ReleaseRef release) {
        data(appId, data -> data.handOver(appId, release.packageDigest(), List.of()));
    }

    /** What an occupant that took over has left to be written down. */
    void keep(String appId, Occupant taken) {
        data(appId, data -> taken.session().keepData());
    }

    void giveBack(String appId) {
        data(appId, data -> data.giveBack(appId));
    }

    void settle(String appId) {
        data(appId, data -> data.settle(appId));
    }

    private void data(String appId, Consumer<KeyValueStore> change) {
        try {
            change.accept(parts.host().keyValues());
        } catch (RuntimeException e) {
            parts.hostFaults().failed("key-value data of " + appId, e);
        }
    }

    /** Drops a package, unless a slot still names it. */
    void drop(AppSlot slot, ReleaseRef release) {
        if (slot.phase() instanceof Phase.Removed || !desks.names(release.packageDigest())) {
            dropBytes(release.packageDigest());
        }
    }

    private void dropBytes(String packageDigest) {
        try {
            parts.releases().drop(packageDigest);
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
        }
    }

    /** Removes everything of an app that is written down to be gone; false when it must be tried again. */
    boolean purge(String appId) {
        try {
            parts.host().keyValues().clear(appId);
            store.purge(appId);
            config.forget(appId);
            parts.host().messages().forget(appId);
            desks.remove(appId);
            return true;
        } catch (RuntimeException e) {
            parts.hostFaults().failed("store", e);
            return false;
        }
    }
}
