package dev.bulkhead.hal.can.dbc;

import dev.bulkhead.hal.HalException;

/** A value that a signal's bits cannot carry. */
public final class DbcRangeException extends HalException {
    private static final long serialVersionUID = 1L;

    DbcRangeException(String message, DbcSignal signal, double value) {
        super(message + "." + signal.name() + " cannot carry " + value + ": "
                + (signal.signed() ? "signed" : "unsigned") + ", " + signal.length() + " bits, factor "
                + signal.factor() + ", offset " + signal.offset());
    }
}
