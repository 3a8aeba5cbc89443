/**
 * An audit log outside its vehicle: exported in the C2SP tlog-tiles layout, and verified by anybody who has the export
 * and the vehicle's public key. Knows no database; command line, server and tests enter here.
 */
@NullMarked
package dev.bulkhead.security.audit.evidence;

import org.jspecify.annotations.NullMarked;
