/**
 * Whole runs: the real agent, the example apps and the simulated vehicle put together in one virtual world. The only room of
 * the simulator that knows all the others.
 */
@NullMarked
package dev.bulkhead.simulator.main;

import org.jspecify.annotations.NullMarked;
