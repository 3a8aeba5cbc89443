/**
 * Virtual time: one seeded event queue that drives vehicle, buses and agent.
 */
@NullMarked
package dev.bulkhead.simulator.world;

import org.jspecify.annotations.NullMarked;
