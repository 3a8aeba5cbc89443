package dev.bulkhead.hal.signal;

import dev.bulkhead.hal.HalException;

/** A VSS file that cannot be used: names the node, or line and column, and the cause. */
public final class VssException extends HalException {
    private static final long serialVersionUID = 1L;

    VssException(String source, String where, String cause) {
        super(source + ": " + where + ": " + cause);
    }
}
