/**
 * Frames ↔ signals, in the mapping format of Eclipse Kuksa ({@code dbc2vss}, {@code vss2dbc} in a VSS JSON file). Reads the mapping,
 * publishes what frames say, and puts frames together from what signals are to be.
 */
@NullMarked
package dev.bulkhead.hal.can.mapping;

import org.jspecify.annotations.NullMarked;
