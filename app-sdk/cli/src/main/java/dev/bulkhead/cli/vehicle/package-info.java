/**
 * Commands that talk to a running agent through its local API: what runs, what it says, what it may and did touch. One of them,
 * {@code inspect}, also looks into a package, with the room next door.
 */
@NullMarked
package dev.bulkhead.cli.vehicle;

import org.jspecify.annotations.NullMarked;
