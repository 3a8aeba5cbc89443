package dev.bulkhead.agent.sandbox;

/** What a {@link GuestState} is made of at instantiation; the arrays belong to the instance from then on. Engine-internal. */
@SuppressWarnings("ArrayRecordComponent")
public record GuestParts(
        int[][] tables,
        long[] tableMaximum,
        int[][] elements,
        byte[][] data,
        long memoryPages,
        long memoryMaximumPages,
        long memoryBudget) {}
