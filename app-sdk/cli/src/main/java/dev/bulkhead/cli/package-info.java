/**
 * The bulkhead command. Sees every room; no room sees it.
 */
@NullMarked
package dev.bulkhead.cli;

import org.jspecify.annotations.NullMarked;
