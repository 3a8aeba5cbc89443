package dev.bulkhead.agent.codegen;

/**
 * How one method uses a spill.
 *
 * @param array JVM local of the array
 * @param always locals and operands stand in the spill; otherwise a piece takes up what it needs at its start and puts it back at its end
 */
record SpillAccess(Spill spill, int array, boolean always) {}
