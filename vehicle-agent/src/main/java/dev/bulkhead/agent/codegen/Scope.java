package dev.bulkhead.agent.codegen;

import org.jspecify.annotations.Nullable;

/**
 * What a method holds: the whole function or a region of it, in its first version or in the second, which begins at one of the loops inside and calls
 * them instead of holding them.
 *
 * @param region null for the function
 */
record Scope(@Nullable Region region, boolean second) {}
