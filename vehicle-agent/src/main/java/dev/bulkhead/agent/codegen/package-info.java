/**
 * WebAssembly to JVM bytecode in one pass: module bytes in, class bytes out, nothing else. Metering, bounds checks and stack limits are
 * part of the code it writes. Pure and deterministic; runs nothing, loads nothing, and knows the runtime's classes by name only. A second
 * thread helps with large modules and is over before the answer is given.
 */
@NullMarked
package dev.bulkhead.agent.codegen;

import org.jspecify.annotations.NullMarked;
