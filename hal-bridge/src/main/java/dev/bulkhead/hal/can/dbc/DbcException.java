package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.HalException;

/** A file that is no DBC at all; single faults of a DBC are {@link DbcDatabase#warnings()} instead. */
public final class DbcException extends HalException {
    private static final long serialVersionUID = 1L;

    DbcException(String message) {
        super(message);
    }
}
