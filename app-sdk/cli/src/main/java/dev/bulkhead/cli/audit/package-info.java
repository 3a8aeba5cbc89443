/**
 * {@code bulkhead audit …}: who can touch, did touch and tried to touch what. Reads a vehicle's log beside its running
 * agent, or an export with the vehicle's public key; writes neither.
 */
@NullMarked
package dev.bulkhead.cli.audit;

import org.jspecify.annotations.NullMarked;
