/**
 * How many may stand in a door at a time: connections to anything that listens are counted here, in total and of one peer. What is behind a
 * door is no business of this room.
 */
@NullMarked
package dev.bulkhead.hal.door;

import org.jspecify.annotations.NullMarked;
