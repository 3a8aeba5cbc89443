/**
 * The compartment an app runs in: admission, compilation, memory, budgets and calls into the guest. The only room that knows the
 * wasm engine; others see {@link dev.bulkhead.agent.sandbox.Engine}, {@link dev.bulkhead.agent.sandbox.CompiledModule} and
 * {@link dev.bulkhead.agent.sandbox.Instance}. What an import means is decided in {@code agent.host}; nothing here reads a clock or a disk
 * that was not passed in.
 */
@NullMarked
package dev.bulkhead.agent.sandbox;

import org.jspecify.annotations.NullMarked;
