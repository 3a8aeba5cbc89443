/**
 * {@code bulkhead tuf}: the trust client of the vehicle on a plain HTTP repository, with the command line of the public
 * TUF conformance suite. The root command enters; the rules live in {@code security.tuf}, only HTTP and files are here.
 */
@NullMarked
package dev.bulkhead.cli.tuf;

import org.jspecify.annotations.NullMarked;
