/**
 * The virtual vehicle: time ({@code world}), physics ({@code dynamics}), what the physics shows on signals and buses
 * ({@code bus}) and the runs that put the real agent into it ({@code main}).
 */
@NullMarked
package dev.bulkhead.simulator;

import org.jspecify.annotations.NullMarked;
