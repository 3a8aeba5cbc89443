/**
 * The one exception root of this module. Rooms below it throw subclasses that carry what was refused and why.
 */
@NullMarked
package dev.bulkhead.security;

import org.jspecify.annotations.NullMarked;
