/** {@code bulkhead sim}: the real agent and apps in a virtual vehicle, fast and the same on every run. */
@NullMarked
package dev.bulkhead.cli.sim;

import org.jspecify.annotations.NullMarked;
