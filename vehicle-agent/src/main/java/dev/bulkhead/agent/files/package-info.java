/**
 * Files as a guest sees them through {@code wasi_snapshot_preview1}: a private scratch directory in memory, the assets of its package, and the
 * descriptors of both. Nothing of the host's files is reachable from here. A guest's lie is answered with one of WASI's error numbers. Who may have
 * which directory is decided elsewhere.
 */
@NullMarked
package dev.bulkhead.agent.files;

import org.jspecify.annotations.NullMarked;
