package dev.bulkhead.hal.signal;

import dev.bulkhead.hal.HalException;

/** Somebody wanted one subscription more than are allowed. */
public final class SubscriptionLimitException extends HalException {
    private static final long serialVersionUID = 1L;

    private final int limit;

    SubscriptionLimitException(String where, int limit) {
        super(where + " has its limit of " + limit + " subscriptions; close one that is not needed");
        this.limit = limit;
    }

    public int limit() {
        return limit;
    }
}
