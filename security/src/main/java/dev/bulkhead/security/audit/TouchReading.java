package dev.bulkhead.security.audit;

import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.proto.AuditEntry;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one entry adds to the views.
 *
 * @param touch what was touched
 * @param tally how often
 */
record TouchReading(Touch touch, Tally tally) {
    private static final long MOST = 1L << 50;
    private static final long SHORTEST_INTERVAL_MILLIS = 200;

    static Optional<TouchReading> of(long index, AuditEntry entry) {
        return switch (entry.getEventCase()) {
            case USED -> Optional.of(used(index, entry, entry.getUsed()));
            case ACTUATED -> Optional.of(actuated(index, entry, entry.getActuated()));
            case DENIED -> Optional.of(denied(index, entry, entry.getDenied()));
            case FAILSAFE_APPLIED ->
                Optional.of(plain(
                        index,
                        entry,
                        Touch.Kind.FAILSAFE,
                        actuate(entry.getFailsafeApplied().getPath()),
                        entry.getFailsafeApplied().getWhy(),
                        1));
            case BUDGET_EXCEEDED -> Optional.of(budget(index, entry, entry.getBudgetExceeded()));
            case OPENED,
                    INSTALLED,
                    REFUSED,
                    REMOVED,
                    STARTED,
                    STOPPED,
                    SWAPPED,
                    DECLARED,
                    POLICY_CHANGED,
                    CONFIGURED,
                    DROPPED,
                    EVENT_NOT_SET -> Optional.empty();
        };
    }

    private static String actuate(String path) {
        return "signal " + path + " actuate";
    }

    private static TouchReading used(long index, AuditEntry entry, AuditEntry.Used used) {
        long count = positive(used.getCount());
        long millis = Math.max(1, entry.getUnixMs() - used.getSinceUnixMs());
        return new TouchReading(
                touch(entry, Touch.Kind.USED, used.getAccess(), ""),
                new Tally(
                        count,
                        positive(used.getBytes()),
                        used.getSinceUnixMs(),
                        entry.getUnixMs(),
                        index,
                        index,
                        used.hasLeast() ? OptionalDouble.of(used.getLeast()) : OptionalDouble.empty(),
                        used.hasGreatest() ? OptionalDouble.of(used.getGreatest()) : OptionalDouble.empty(),
                        millis < SHORTEST_INTERVAL_MILLIS ? 0 : count * 1000.0 / millis));
    }

    private static TouchReading actuated(long index, AuditEntry entry, AuditEntry.Actuated command) {
        int status = command.getStatus();
        OptionalDouble value = status < 0 ? OptionalDouble.empty() : valueOf(command);
        return new TouchReading(
                touch(
                        entry,
                        status == 0 ? Touch.Kind.USED : Touch.Kind.LIMITED,
                        actuate(command.getPath()),
                        status == 0 ? "" : nameOf(status)),
                Tally.at(1, entry.getUnixMs(), index).withValue(value));
    }

    private static String nameOf(int status) {
        return Status.of(status).map(Status::name).orElse("status " + status);
    }

    private static OptionalDouble valueOf(AuditEntry.Actuated command) {
        if (command.hasApplied()) {
            return OptionalDouble.of(command.getApplied());
        }
        return switch (command.getValueCase()) {
            case NUMBER -> OptionalDouble.of(command.getNumber());
            case INTEGER -> OptionalDouble.of((double) command.getInteger());
            case TRUTH -> OptionalDouble.of(command.getTruth() ? 1 : 0);
            case TEXT, VALUE_NOT_SET -> OptionalDouble.empty();
        };
    }

    private static TouchReading denied(long index, AuditEntry entry, AuditEntry.Denied denied) {
        long since = denied.getSinceUnixMs() == 0 ? entry.getUnixMs() : denied.getSinceUnixMs();
        return new TouchReading(
                touch(entry, Touch.Kind.DENIED, denied.getAccess(), denied.getRule()),
                new Tally(
                        Math.max(1, positive(denied.getCount())),
                        0,
                        since,
                        entry.getUnixMs(),
                        index,
                        index,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        0));
    }

    private static TouchReading budget(long index, AuditEntry entry, AuditEntry.BudgetExceeded budget) {
        long count = Math.max(1, positive(budget.getCount()));
        return plain(index, entry, Touch.Kind.BUDGET, budget.getResource(), budget.getAction(), count);
    }

    private static TouchReading plain(
            long index, AuditEntry entry, Touch.Kind kind, String access, String rule, long count) {
        return new TouchReading(touch(entry, kind, access, rule), Tally.at(count, entry.getUnixMs(), index));
    }

    private static Touch touch(AuditEntry entry, Touch.Kind kind, String access, String rule) {
        return new Touch(entry.getAppId(), entry.getVersion(), entry.getVendor(), kind, access, rule);
    }

    /** Counts are unsigned on the wire; one beyond {@link #MOST} is a lie and is cut, so that sums do not overflow. */
    private static long positive(long unsigned) {
        return unsigned < 0 ? MOST : Math.min(unsigned, MOST);
    }
}
