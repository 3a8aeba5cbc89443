/**
 * Who the vehicle is to its fleet: the certificate in use, and coming by the next one in time. Only {@code agent.main}
 * enters. Certificates are fetched through {@code security.enrol}; what is signed and sent with them is not decided here.
 */
@NullMarked
package dev.bulkhead.agent.identity;

import org.jspecify.annotations.NullMarked;
