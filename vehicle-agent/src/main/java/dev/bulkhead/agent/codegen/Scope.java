package dev.bulkhead.agent.codegen;

import org.jspecify.annotations.Nullable;

/**
 * What a method holds: the whole function or a region of it, in its first version or in the second, which begins at one of the loops inside and calls
 * them instead of holding them; or a piece of a first version too long for one method.
 *
 * @param region null for the function
 * @param piece null for the whole
 */
record Scope(
        @Nullable Region region, boolean second, @Nullable Piece piece) {
    static Scope first(@Nullable Region region) {
        return new Scope(region, false, null);
    }

    static Scope second(@Nullable Region region) {
        return new Scope(region, true, null);
    }

    Scope piece(Piece part) {
        return new Scope(region, false, part);
    }
}
