package dev.bulkhead.server.store;

/**
 * One order of the operator: these vehicles should run this release.
 *
 * @param wholeFleet whether vehicles that join later inherit it
 * @param createdAt Unix time in ms
 * @param ensemble the same for all that vehicles take over as one: the id of the first of them; empty = stands alone
 */
public record AssignmentRow(
        String id, String appId, String version, boolean wholeFleet, long createdAt, String ensemble) {
    /** One that stands alone. */
    public AssignmentRow(String id, String appId, String version, boolean wholeFleet, long createdAt) {
        this(id, appId, version, wholeFleet, createdAt, "");
    }
}
