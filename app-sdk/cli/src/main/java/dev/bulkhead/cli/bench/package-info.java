/**
 * Benchmarks a reader can repeat: {@code bulkhead bench …} measures this build on this machine and prints figures beside
 * the aims. They write to a temporary folder and clean up after themselves; nothing else of the product calls them.
 */
@NullMarked
package dev.bulkhead.cli.bench;

import org.jspecify.annotations.NullMarked;
