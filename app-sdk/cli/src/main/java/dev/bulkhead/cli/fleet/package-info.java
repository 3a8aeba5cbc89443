/** Commands of the fleet operator: run the server, publish packages, assign them to vehicles, see how it goes. */
@NullMarked
package dev.bulkhead.cli.fleet;

import org.jspecify.annotations.NullMarked;
