/**
 * How the vehicle moves, heats and drains its battery: pure arithmetic in fixed steps with {@code StrictMath}, no clock, no
 * chance, no signals. What it computes is put on signals and buses by {@code simulator.bus}.
 */
@NullMarked
package dev.bulkhead.simulator.dynamics;

import org.jspecify.annotations.NullMarked;
