/** Commands on the vehicle's wires: DBC and VSS files, CAN buses. They need no agent. */
@NullMarked
package dev.bulkhead.cli.hal;

import org.jspecify.annotations.NullMarked;
