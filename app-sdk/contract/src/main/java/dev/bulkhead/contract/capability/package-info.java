/**
 * What can be granted: the capability vocabulary and its one-line grammar. Pure data; any room may enter.
 */
@NullMarked
package dev.bulkhead.contract.capability;

import org.jspecify.annotations.NullMarked;
