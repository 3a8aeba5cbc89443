/**
 * How a vehicle comes by its next certificate: the client's side of Enrollment over Secure Transport (RFC 7030). Only the
 * agent enters. What a certificate or a request is, is decided in {@code security.keys}; who gets one, by the fleet server.
 */
@NullMarked
package dev.bulkhead.security.enrol;

import org.jspecify.annotations.NullMarked;
