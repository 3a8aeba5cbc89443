/** Plays candump logs onto a virtual bus. */
@NullMarked
package dev.bulkhead.hal.driver.replay;

import org.jspecify.annotations.NullMarked;
