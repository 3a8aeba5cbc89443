/**
 * Time as the vehicle sees it: real on the road, virtual in simulation.
 */
@NullMarked
package dev.bulkhead.hal.time;

import org.jspecify.annotations.NullMarked;
