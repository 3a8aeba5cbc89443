package dev.bulkhead.agent.sandbox;

/**
 * What an instance used so far. Safe to read from any thread; values may lag by one slice.
 *
 * @param fuel instructions charged since instantiation
 * @param memoryBytes linear memory, tables and element segments that are not dropped, now
 * @param callbacks calls into the guest that ended
 */
public record Usage(long fuel, long memoryBytes, long callbacks) {}
