/**
 * What the fleet server must not forget: tables behind small classes in plain SQL that SQLite and PostgreSQL both
 * understand, and blobs on disk under the name of their hash.
 *
 * <p>Rows come in and go out as records; what they mean is decided elsewhere. Only this package knows JDBC.
 */
@NullMarked
package dev.bulkhead.server.store;

import org.jspecify.annotations.NullMarked;
