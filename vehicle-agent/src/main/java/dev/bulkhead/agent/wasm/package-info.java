/**
 * Reads and validates WebAssembly modules: bytes in, an immutable description out, or a refusal that names the offset. Pure; allocates
 * no more than the module's own size calls for. Knows nothing of budgets, hosts or the JVM.
 */
@NullMarked
package dev.bulkhead.agent.wasm;

import org.jspecify.annotations.NullMarked;
