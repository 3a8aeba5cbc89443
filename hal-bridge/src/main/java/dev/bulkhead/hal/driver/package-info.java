/**
 * The doors to the real (or simulated) vehicle: a driver publishes signals, takes actuator commands and owns CAN buses. What enters
 * from outside is checked here for form; what goes out has passed the actuation contract before.
 */
@NullMarked
package dev.bulkhead.hal.driver;

import org.jspecify.annotations.NullMarked;
