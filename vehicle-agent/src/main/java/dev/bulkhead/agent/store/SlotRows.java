package dev.bulkhead.agent.store;

import dev.bulkhead.agent.lifecycle.AppSlot;
import dev.bulkhead.agent.lifecycle.Damage;
import dev.bulkhead.agent.lifecycle.Damage.Bearing;
import dev.bulkhead.agent.lifecycle.DurableSlot;
import dev.bulkhead.agent.lifecycle.ReleaseRef;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Slots and the orders that wait in them, as rows. */
final class SlotRows {
    private final SealedFile file;

    SlotRows(SealedFile file) {
        this.file = file;
    }

    void save(Sql sql, DurableSlot slot) throws SQLException {
        file.put(
                sql,
                Table.SLOT,
                slot.appId(),
                slot.wish(),
                ReleaseText.of(slot.active()),
                ReleaseText.of(slot.fallback()),
                ReleaseText.of(slot.candidate()),
                slot.candidateOrder().orElse(null),
                slot.trial().orElse(null),
                ReleaseText.of(slot.rejected()),
                slot.quarantine().orElse(null),
                slot.part().map(DurableSlot.Membership::ensemble).orElse(null),
                slot.part().map(DurableSlot.Membership::before).orElse(null));
        sql.run("DELETE FROM deferred WHERE app = ?", slot.appId());
        int number = 0;
        for (DurableSlot.Order order : slot.deferred()) {
            file.put(
                    sql,
                    Table.DEFERRED,
                    slot.appId(),
                    number++,
                    order.word(),
                    order.who(),
                    ReleaseText.of(order.release()));
        }
    }

    /** Every slot, by app id; of a damaged one what can be read. */
    List<DurableSlot> all(List<Damage> damages) {
        Map<String, List<DurableSlot.Order>> deferred = deferred(damages);
        List<DurableSlot> slots = file.rows(Table.SLOT, "ORDER BY app", damages, cells -> {
            Optional<String> app = cells.appId();
            return app.isEmpty()
                    ? Optional.empty()
                    : Optional.of(slot(cells, app.get(), deferred.getOrDefault(app.get(), List.of())));
        });
        Set<String> known = new HashSet<>();
        slots.forEach(slot -> known.add(slot.appId()));
        deferred.keySet().stream()
                .filter(app -> !known.contains(app))
                .forEach(app -> damages.add(new Damage(
                        "agent.db, table deferred, row \"" + app + "\", column app",
                        "there is no such app",
                        Optional.empty(),
                        Bearing.NOBODY)));
        return slots;
    }

    private static DurableSlot slot(Cells cells, String app, List<DurableSlot.Order> deferred) throws SQLException {
        Optional<ReleaseRef> candidate = cells.release("candidate", Bearing.ASKED);
        Optional<String> order = cells.text("candidate_order", Bearing.ASKED);
        if (candidate.isPresent() != order.isPresent() && cells.sound()) {
            cells.note("candidate_order", "a candidate and its order come together", Bearing.ASKED);
        }
        boolean whole = candidate.isPresent() && order.isPresent();
        return new DurableSlot(
                app,
                cells.needed("wish", Bearing.ASKED, AppSlot.Wish::valueOf).orElse(AppSlot.Wish.RUN),
                cells.release("active", Bearing.ASKED),
                cells.release("fallback", Bearing.ASKED),
                whole ? candidate : Optional.empty(),
                whole ? order : Optional.empty(),
                cells.text("trial", Bearing.ASKED),
                cells.release("rejected", Bearing.ASKED),
                cells.text("quarantine", Bearing.ASKED),
                membership(cells),
                deferred);
    }

    private static Optional<DurableSlot.Membership> membership(Cells cells) throws SQLException {
        Optional<String> ensemble = cells.text("ensemble", Bearing.COMPANY);
        Optional<AppSlot.Wish> before = cells.parsed("wish_before", Bearing.ASKED, AppSlot.Wish::valueOf);
        if (ensemble.isEmpty() && before.isPresent()) {
            cells.note("ensemble", "it is empty beside a wish_before", Bearing.COMPANY);
        } else if (ensemble.isPresent() && before.isEmpty()) {
            cells.note("wish_before", "it is missing beside an ensemble", Bearing.ASKED);
        }
        return ensemble.map(id -> new DurableSlot.Membership(id, before.orElse(AppSlot.Wish.STOP)));
    }

    private Map<String, List<DurableSlot.Order>> deferred(List<Damage> damages) {
        Map<String, List<DurableSlot.Order>> found = new TreeMap<>();
        file.rows(Table.DEFERRED, "ORDER BY app, number", damages, cells -> {
                    Optional<DurableSlot.Order> order = order(cells);
                    return cells.appId().flatMap(app -> order.map(each -> Map.entry(app, each)));
                })
                .forEach(order -> found.computeIfAbsent(order.getKey(), app -> new ArrayList<>())
                        .add(order.getValue()));
        return found;
    }

    private static Optional<DurableSlot.Order> order(Cells cells) throws SQLException {
        cells.count("number", Bearing.ASKED);
        Optional<String> who = cells.needed("who", Bearing.ASKED);
        Optional<ReleaseRef> release = cells.release("release", Bearing.ASKED);
        return cells.needed(
                "word", Bearing.ASKED, word -> new DurableSlot.Order(word, who.orElse("somebody"), release));
    }
}
