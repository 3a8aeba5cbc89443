package dev.bulkhead.server.fleet;

import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.summary.SummaryPage;
import dev.bulkhead.server.fleet.AuditHandler.Objection;
import dev.bulkhead.server.store.AuditViewsTable;
import dev.bulkhead.server.store.Transaction;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Keeps what vehicles say of the views of their logs. A page counts only under the head the fleet holds and where the last
 * one ended; sums never become smaller, unless the vehicle dropped old entries meanwhile.
 */
final class ViewsIntake {
    /** Declarations and sums kept of one vehicle: fifty apps with some hundred ways each. */
    static final long MOST = 20_000;

    private final InstantSource time;

    ViewsIntake(InstantSource time) {
        this.time = time;
    }

    /** Takes a page whose proofs were checked; what it contradicts, if it does, and then nothing of it is kept. */
    Optional<Objection> take(Transaction tx, String vehicle, Checkpoint head, SummaryPage page) {
        boolean held = tx.checkpoints()
                .find(vehicle)
                .filter(row -> row.size() == head.size()
                        && row.root().equals(head.root().toString()))
                .isPresent();
        AuditViewsTable views = tx.auditViews();
        Optional<AuditViewsTable.State> before = views.state(vehicle);
        long told = before.map(AuditViewsTable.State::told).orElse(0L);
        if (!held || page.from() > told) {
            // an unproved head, or a page in between was lost: the next bundle says where to go on
            return Optional.empty();
        }
        Optional<Objection> objection =
                contradiction(views, vehicle, before, page).or(() -> tooMany(views, vehicle, page));
        if (objection.isEmpty()) {
            keep(views, vehicle, told, page);
        }
        return objection;
    }

    private static Optional<Objection> contradiction(
            AuditViewsTable views, String vehicle, Optional<AuditViewsTable.State> before, SummaryPage page) {
        long kept = before.map(AuditViewsTable.State::firstRetained).orElse(0L);
        if (page.firstRetained() < kept) {
            return Optional.of(new Objection(
                    "audit-views-shrank",
                    "entries before " + kept + " were dropped, now they are counted from " + page.firstRetained()));
        }
        if (page.firstRetained() > kept) {
            return Optional.empty();
        }
        return page.touches().stream()
                .flatMap(sum -> views
                        .tally(vehicle, sum.touch())
                        .filter(old -> shrank(old, sum.tally()))
                        .map(old -> new Objection(
                                "audit-views-shrank",
                                sum.touch().app() + " " + sum.touch().kind() + " "
                                        + sum.touch().access() + " was "
                                        + old.count() + " times up to entry " + old.lastIndex() + ", now it is "
                                        + sum.tally().count() + " up to "
                                        + sum.tally().lastIndex()))
                        .stream())
                .findFirst();
    }

    private static boolean shrank(Tally old, Tally now) {
        return now.count() < old.count() || now.lastIndex() < old.lastIndex() || now.firstIndex() > old.firstIndex();
    }

    private static Optional<Objection> tooMany(AuditViewsTable views, String vehicle, SummaryPage page) {
        long most = views.count(vehicle)
                + page.touches().size()
                + page.declarations().size();
        return most <= MOST
                ? Optional.empty()
                : Optional.of(
                        new Objection("audit-views-too-many", "more than " + MOST + " things are kept of no vehicle"));
    }

    private void keep(AuditViewsTable views, String vehicle, long told, SummaryPage page) {
        page.declarations()
                .forEach(declared -> views.declare(
                        vehicle,
                        new AuditViewsTable.Declared(
                                declared.entry().getAppId(),
                                declared.entry().getVersion(),
                                declared.proof().index(),
                                declared.proof().entry(),
                                declared.proof().bytes())));
        page.touches()
                .forEach(sum -> views.put(
                        vehicle,
                        new AuditViewsTable.Sum(
                                sum.touch(), sum.tally(), sum.newest().map(proof -> proof.bytes()))));
        views.setState(new AuditViewsTable.State(
                vehicle, Math.max(told, page.to()), page.size(), page.firstRetained(), time.millis(), 0));
    }
}
