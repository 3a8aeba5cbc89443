/**
 * Who may do what: manifest request ∩ vendor ceiling ∩ vehicle policy, deny wins, what nothing grants is denied
 * (capabilities.md). Pure decisions; the host asks, enforces the answer and records it. Nothing here runs an app, reads
 * a signal or keeps a clock.
 */
@NullMarked
package dev.bulkhead.security.policy;

import org.jspecify.annotations.NullMarked;
