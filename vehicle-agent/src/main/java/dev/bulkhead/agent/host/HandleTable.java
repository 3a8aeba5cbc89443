package dev.bulkhead.agent.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles of one instance. A handle carries the slot's generation, so that one kept after closing finds nothing even when the slot is used
 * again. Strand only.
 */
final class HandleTable {
    static final int MOST = 4_096;

    private static final int FIRST_SLOTS = 16;
    private static final int SLOT_BITS = 12;
    private static final int SLOT_MASK = MOST - 1;
    private static final int GENERATIONS = 1 << (31 - SLOT_BITS);

    private final int most;
    private final HeldMemory held;
    /** By slot. Two arrays and not one of objects: every call that names a handle looks here. */
    private @Nullable Resource[] resources = new Resource[FIRST_SLOTS];

    private int[] generations = new int[FIRST_SLOTS];
    private int slots;
    private int open;

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
        resources[index] = resource;
        open++;
        return generations[index] << SLOT_BITS | index;
    }

    private int freeSlot() {
        for (int i = 0; open < slots && i < slots; i++) {
            if (resources[i] == null) {
                return i;
            }
        }
        if (slots == resources.length) {
            resources = Arrays.copyOf(resources, 2 * slots);
            generations = Arrays.copyOf(generations, 2 * slots);
        }
        generations[slots] = 1;
        return slots++;
    }

    /** What the handle stands for; null when it stands for nothing. */
    @Nullable
    Resource find(long handle) {
        int index = (int) handle & SLOT_MASK;
        return names(handle, index) ? resources[index] : null;
    }

    /** Takes the handle out; null when it stood for nothing. */
    @Nullable
    Resource remove(long handle) {
        int index = (int) handle & SLOT_MASK;
        Resource resource = find(handle);
        if (resource == null) {
            return null;
        }
        resources[index] = null;
        held.give(resource.heldBytes());
        generations[index] = generations[index] + 1 < GENERATIONS ? generations[index] + 1 : 1;
        open--;
        return resource;
    }

    /** No other number than the handle that was given names a slot: what is negative or too large has more bits than a generation. */
    private boolean names(long handle, int index) {
        return index < slots && handle >>> SLOT_BITS == generations[index];
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
        for (Resource resource : resources) {
            if (resource != null) {
                found.add(resource);
            }
        }
        return found;
    }
}
