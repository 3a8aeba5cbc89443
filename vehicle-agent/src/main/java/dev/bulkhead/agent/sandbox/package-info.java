/**
 * The compartment an app runs in. The only room that knows the wasm engine.
 */
@NullMarked
package dev.bulkhead.agent.sandbox;

import org.jspecify.annotations.NullMarked;
