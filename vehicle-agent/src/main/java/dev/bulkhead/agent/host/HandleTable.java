package dev.bulkhead.agent.host;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles of one instance. A handle carries the slot's generation, so that one kept after closing finds nothing even when the slot is used
 * again. Strand only.
 */
final class HandleTable {
    static final int MOST = 4_096;

    private static final int SLOT_BITS = 12;
    private static final int SLOT_MASK = MOST - 1;
    private static final int GENERATIONS = 1 << (31 - SLOT_BITS);

    private final int most;
    private final HeldMemory held;
    private final List<Slot> slots = new ArrayList<>();
    private int open;

    private static final class Slot {
        private int generation = 1;
        private @Nullable Resource resource;
    }

    HandleTable(int most, HeldMemory held) {
        this.most = most;
        this.held = held;
    }

    /** A new handle, above 0; or -1 when there are as many as there may be, or no memory for another. */
    int add(Resource resource) {
        if (open >= most || !held.take(resource.heldBytes())) {
            return -1;
        }
        int index = freeSlot();
        Slot slot = slots.get(index);
        slot.resource = resource;
        open++;
        return slot.generation << SLOT_BITS | index;
    }

    private int freeSlot() {
        for (int i = 0; open < slots.size() && i < slots.size(); i++) {
            if (slots.get(i).resource == null) {
                return i;
            }
        }
        slots.add(new Slot());
        return slots.size() - 1;
    }

    /** What the handle stands for; null when it stands for nothing. */
    @Nullable
    Resource find(long handle) {
        Slot slot = slot(handle);
        return slot == null ? null : slot.resource;
    }

    /** Takes the handle out; null when it stood for nothing. */
    @Nullable
    Resource remove(long handle) {
        Slot slot = slot(handle);
        if (slot == null || slot.resource == null) {
            return null;
        }
        Resource resource = slot.resource;
        slot.resource = null;
        held.give(resource.heldBytes());
        slot.generation = slot.generation + 1 < GENERATIONS ? slot.generation + 1 : 1;
        open--;
        return resource;
    }

    private @Nullable Slot slot(long handle) {
        int index = (int) handle & SLOT_MASK;
        if (handle <= 0 || handle > Integer.MAX_VALUE || index >= slots.size()) {
            return null;
        }
        Slot slot = slots.get(index);
        return (int) handle >>> SLOT_BITS == slot.generation ? slot : null;
    }

    int size() {
        return open;
    }

    /** Whether it is the number of handles that lets no further one in. */
    boolean full() {
        return open >= most;
    }

    /** Everything open, in the order of slots. */
    List<Resource> all() {
        List<Resource> found = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot.resource != null) {
                found.add(slot.resource);
            }
        }
        return found;
    }
}
