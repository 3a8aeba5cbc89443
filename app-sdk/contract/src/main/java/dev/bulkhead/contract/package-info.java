/**
 * The bottom of the house: what vendors, vehicles and the fleet agree on. Formats and vocabulary only, no policy, no I/O
 * beyond the bytes handed in. Any room may enter; nothing of ours may be imported here.
 */
@NullMarked
package dev.bulkhead.contract;

import org.jspecify.annotations.NullMarked;
