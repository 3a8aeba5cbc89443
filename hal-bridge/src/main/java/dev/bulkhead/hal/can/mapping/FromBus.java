package dev.bulkhead.hal.can.mapping;

import dev.bulkhead.hal.signal.SignalLeaf;

/**
 * One {@code dbc2vss}: a DBC signal that feeds a VSS leaf.
 *
 * @param idWord of its message
 * @param signal index in its message
 * @param intervalNanos least time between two publications; 0: none
 * @param onChange publish only what differs from the value before
 */
record FromBus(SignalLeaf leaf, int idWord, int signal, long intervalNanos, boolean onChange, Transform transform) {}
