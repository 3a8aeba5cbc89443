/**
 * A vehicle whose signals lie on a CAN bus: publishes what mapped frames say and turns actuator commands into frames.
 */
@NullMarked
package dev.bulkhead.hal.driver.mapped;

import org.jspecify.annotations.NullMarked;
