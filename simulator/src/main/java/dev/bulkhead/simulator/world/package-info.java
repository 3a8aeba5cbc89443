/**
 * Virtual time: one event queue, one seed, no wall clock. Everything that happens in a simulated vehicle (physics, buses,
 * apps on their strands) is an event here, so the same seed gives the same run, byte for byte. Knows nothing of vehicles.
 */
@NullMarked
package dev.bulkhead.simulator.world;

import org.jspecify.annotations.NullMarked;
