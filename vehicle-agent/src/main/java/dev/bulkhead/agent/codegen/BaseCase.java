package dev.bulkhead.agent.codegen;

import dev.bulkhead.agent.wasm.Code;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When a function that calls itself does not: its first branch, where that depends on nothing but the arguments and what memory and globals hold at the
 * call. Half of a binary tree's nodes are such cases.
 *
 * @param test the condition, which leaves an {@code i32} and changes nothing
 * @param taken whether the condition holds or not
 * @param body what the function does then
 */
record BaseCase(Code test, boolean taken, Code body) {
    /**
     * The base case of a function, or null if there is none.
     *
     * @param plain whether a body neither loops nor makes calls that go far
     */
    static @Nullable BaseCase of(Code code, Predicate<Code> plain) {
        FirstBranch branch = FirstBranch.of(code);
        if (branch == null) {
            return null;
        }
        Code taken = DecidedBody.write(code, branch.index(), true);
        Code passed = DecidedBody.write(code, branch.index(), false);
        if (plain.test(taken) == plain.test(passed)) {
            return null;
        }
        return plain.test(taken)
                ? new BaseCase(branch.test(), true, taken)
                : new BaseCase(branch.test(), false, passed);
    }
}
