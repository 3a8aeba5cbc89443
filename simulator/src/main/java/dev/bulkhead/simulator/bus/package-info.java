/**
 * The simulated vehicle as the HAL meets it: a driver that publishes what the physics computed as signals and frames, and
 * obeys the actuators. Runs on whatever clock and scheduler it is given, real or virtual.
 */
@NullMarked
package dev.bulkhead.simulator.bus;

import org.jspecify.annotations.NullMarked;
