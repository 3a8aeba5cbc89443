package dev.bulkhead.agent.lifecycle;

/** One transition, for people. */
public record TransitionNote(long timeNanos, String from, String to, String cause) {}
