package dev.bulkhead.server.campaign;

/**
 * What a vehicle says about one assignment.
 *
 * @param done bytes here while downloading, at least 0
 * @param total bytes in all, at least 0
 * @param reason a stable word when it failed, else empty
 * @param detail for people
 */
public record ProgressReport(
        String assignmentId, ActionState state, long done, long total, String reason, String detail) {
    private static final int LONGEST = 1_000;

    public ProgressReport {
        if (done < 0 || total < 0) {
            throw new IllegalArgumentException("bytes done " + done + " of " + total + " cannot be negative");
        }
        reason = shorten(reason);
        detail = shorten(detail);
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
