package dev.bulkhead.agent.host;

import dev.bulkhead.contract.capability.CanIds;
import dev.bulkhead.contract.capability.CanReceive;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.can.CanPort;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a manifest asks to receive into filters of a port, so that frames nobody may read do not wake anybody. The filters may let
 * more through than granted, never less; each frame is decided when it is read. Pure.
 */
final class CanFilters {
    private CanFilters() {}

    /** Filters for everything requested on the bus; empty when nothing is. */
    static List<CanFilter> requested(List<Capability> requested, String bus) {
        List<CanFilter> filters = new ArrayList<>();
        for (Capability capability : requested) {
            if (capability instanceof CanReceive receive
                    && receive.access().bus().equals(bus)) {
                filters.addAll(of(receive.access().ids()));
            }
        }
        return filters.size() > CanPort.MAX_FILTERS ? List.of(CanFilter.ANY_DATA) : filters;
    }

    /** The range as blocks that a mask can name; one coarse block when the ids have a mask of their own. */
    static List<CanFilter> of(CanIds ids) {
        int all = ids.extended() ? CanFrame.EXTENDED_MASK : CanFrame.STANDARD_MASK;
        int kind = CanFrame.EXTENDED | CanFrame.ERROR;
        int flag = ids.extended() ? CanFrame.EXTENDED : 0;
        if (ids.mask() != 0) {
            return List.of(new CanFilter((ids.first() & ids.mask()) | flag, ids.mask() | kind));
        }
        List<CanFilter> blocks = new ArrayList<>();
        long first = ids.first();
        while (first <= ids.last()) {
            int size = Math.min(lowestBit(first), fitting(ids.last() - first + 1));
            blocks.add(new CanFilter((int) first | flag, (all & -size) | kind));
            first += size;
        }
        return blocks;
    }

    private static int lowestBit(long number) {
        return number == 0 ? 1 << 29 : Math.min((int) Long.lowestOneBit(number), 1 << 29);
    }

    private static int fitting(long count) {
        return (int) Long.highestOneBit(count);
    }

    /**
     * What both let through, as far as {@link CanPort#MAX_FILTERS} filters can say it; else what the app asked for.
     *
     * @param wanted the app's own filters, at least one
     */
    static List<CanFilter> narrowed(List<CanFilter> granted, List<CanFilter> wanted) {
        List<CanFilter> both = new ArrayList<>();
        for (CanFilter grant : granted) {
            for (CanFilter wish : wanted) {
                if (((grant.id() ^ wish.id()) & grant.mask() & wish.mask()) == 0) {
                    both.add(new CanFilter(
                            (grant.id() & grant.mask()) | (wish.id() & wish.mask()), grant.mask() | wish.mask()));
                }
            }
        }
        return both.size() > CanPort.MAX_FILTERS ? wanted : both;
    }
}
