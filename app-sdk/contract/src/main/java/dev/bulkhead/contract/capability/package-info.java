/**
 * What can be granted: the capability vocabulary, its one-line grammar (capabilities.md) and the condition language.
 * Pure data and algebra (match, contain, intersect); any room may enter. Who is granted what is decided in
 * {@code security.policy}, not here.
 */
@NullMarked
package dev.bulkhead.contract.capability;

import org.jspecify.annotations.NullMarked;
