/**
 * Wiring of the fleet server.
 */
@NullMarked
package dev.bulkhead.server.main;

import org.jspecify.annotations.NullMarked;
