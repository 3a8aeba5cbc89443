/** Signals that outlive a power cycle, such as a trip meter, as a driver that publishes what was kept and keeps what changes. */
@NullMarked
package dev.bulkhead.hal.driver.keep;

import org.jspecify.annotations.NullMarked;
