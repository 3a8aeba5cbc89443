/**
 * Runs an export of any module that needs nothing of a vehicle, in the same sandbox as an app: for {@code bulkhead exec}, the benchmarks and
 * whoever wants to try a module. Imports are limited to WASI: output, clocks, random bytes and
 * files in memory.
 */
@NullMarked
package dev.bulkhead.agent.exec;

import org.jspecify.annotations.NullMarked;
