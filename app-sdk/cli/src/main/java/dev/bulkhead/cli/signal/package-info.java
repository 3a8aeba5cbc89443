/**
 * {@code bulkhead signal …} and {@code bulkhead actuators}: what a vehicle measures and who moves it, asked of its running
 * agent. Reads only: nothing here sets a value, for every actuation belongs to an app with a grant.
 */
@NullMarked
package dev.bulkhead.cli.signal;

import org.jspecify.annotations.NullMarked;
