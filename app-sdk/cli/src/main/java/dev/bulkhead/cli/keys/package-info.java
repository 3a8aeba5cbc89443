/** {@code bulkhead keys}: the key directory of an OEM, on the command line. What a key is, is decided in {@code security.keys}. */
@NullMarked
package dev.bulkhead.cli.keys;

import org.jspecify.annotations.NullMarked;
