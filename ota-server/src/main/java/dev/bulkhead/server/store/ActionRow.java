package dev.bulkhead.server.store;

/**
 * Where one vehicle stands with one assignment.
 *
 * @param state a word of the campaign room
 * @param done bytes transferred
 * @param total bytes to transfer
 * @param reason a stable word when it failed, else empty
 * @param detail for people
 * @param updatedAt Unix time in ms
 * @param revision rises by one with each change of state; an update names the revision it saw
 */
public record ActionRow(
        String assignmentId,
        String vehicleId,
        String appId,
        String version,
        String state,
        long done,
        long total,
        String reason,
        String detail,
        long updatedAt,
        long revision) {}
