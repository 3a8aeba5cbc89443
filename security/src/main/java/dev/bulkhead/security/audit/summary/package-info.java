/**
 * What a vehicle tells its fleet of the views of its log, page by page: written on the vehicle, signed with the log's
 * key, bound to a signed head, and read on the other side with the entries proved against that head. Pure but for
 * reading the log; keeps nothing, sends nothing.
 */
@NullMarked
package dev.bulkhead.security.audit.summary;

import org.jspecify.annotations.NullMarked;
