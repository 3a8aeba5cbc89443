/**
 * The audit log: who can touch, did touch and tried to touch which hardware, so that anyone can check the answer. The
 * agent writes it, the fleet keeps its checkpoints, the command line reads it; nobody goes round it.
 */
@NullMarked
package dev.bulkhead.security.audit;

import org.jspecify.annotations.NullMarked;
