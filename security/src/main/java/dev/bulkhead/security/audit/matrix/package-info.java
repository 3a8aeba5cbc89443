/**
 * The three views of the audit log, reconciled for each app, version and capability: declared, used, denied; the
 * reports drawn from them, and their forms as JSON, CSV and one self-contained page. Pure over a
 * {@link dev.bulkhead.security.audit.TouchTable}; decides nothing, records nothing.
 */
@NullMarked
package dev.bulkhead.security.audit.matrix;

import org.jspecify.annotations.NullMarked;
