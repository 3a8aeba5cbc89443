/**
 * DBC files: what the bits of a frame mean. The parser takes files as they are found in the field and warns with the line; the codec
 * compiles each message to a plan and runs it in both directions. Pure: no I/O but reading a file.
 */
@NullMarked
package dev.bulkhead.hal.can.dbc;

import org.jspecify.annotations.NullMarked;
