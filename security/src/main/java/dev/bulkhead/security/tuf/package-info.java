/**
 * Trust metadata: a TUF 1.0 client as a state machine without I/O, a thin shell that feeds it, the writer's side, and
 * the agreement of director and image repository (Uptane). Enter through {@code Updater}, {@code DirectorVerification}
 * and {@code Repository}. No transport, no wall clock and no vehicle logic may come in.
 */
@NullMarked
package dev.bulkhead.security.tuf;

import org.jspecify.annotations.NullMarked;
