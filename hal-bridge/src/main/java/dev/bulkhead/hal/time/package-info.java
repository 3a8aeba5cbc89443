/**
 * Time as the vehicle sees it: real on the road, virtual in simulation. Interfaces only; the real ones are made in
 * {@code agent.main}, the virtual ones in {@code simulator.world}. No other room asks the system for the time.
 */
@NullMarked
package dev.bulkhead.hal.time;

import org.jspecify.annotations.NullMarked;
