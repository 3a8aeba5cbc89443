package dev.bulkhead.agent.codegen;

/**
 * Where a method keeps what is not the guest's.
 *
 * @param state JVM local of the instance's state
 * @param stack JVM local of the stack budget, −1 if the function does not keep count
 * @param entry JVM local of the number of the loop where a second version begins, −1 in others
 * @param spill JVM local of the array of a {@link Spill}, −1 if the scope is not split
 * @param exceptions JVM local of its array of exceptions, −1 if it has none
 * @param memory JVM local of the memory's array, −1 without a memory
 * @param fuel JVM local of the fuel, −1 if it stays in the state
 * @param bytes estimated size of the function's frame
 */
record MethodFrame(int state, int stack, int entry, int spill, int exceptions, int memory, int fuel, int bytes) {}
