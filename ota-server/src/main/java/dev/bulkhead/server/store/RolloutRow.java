package dev.bulkhead.server.store;

/**
 * A rollout in groups, over the assignment of the same id.
 *
 * @param plan as the campaign room writes it
 * @param fallback version assigned to updated vehicles when it is rolled back, or empty
 * @param phase a word of the campaign room
 * @param group index of the newest group that was opened
 * @param since when the phase or the group began, Unix time in ms
 * @param detail why it is as it is, for people
 * @param revision rises by one with each change
 */
public record RolloutRow(
        String id, String plan, String fallback, String phase, int group, long since, String detail, long revision) {}
