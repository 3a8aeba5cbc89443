package dev.bulkhead.server.store;

/**
 * One order of the operator: these vehicles should run this release.
 *
 * @param wholeFleet whether vehicles that join later inherit it
 * @param createdAt Unix time in ms
 */
public record AssignmentRow(String id, String appId, String version, boolean wholeFleet, long createdAt) {}
