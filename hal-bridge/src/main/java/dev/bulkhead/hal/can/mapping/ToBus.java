package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.signal.SignalLeaf;

/**
 * One {@code vss2dbc}: a VSS leaf that sets a DBC signal.
 *
 * @param idWord of its message
 * @param signal index in its message
 */
record ToBus(SignalLeaf leaf, int idWord, int signal, Transform transform) {}
