package dev.bulkhead.server.store;

/** What one vehicle should run in one app slot, and which assignment says so. */
public record DesiredRow(String vehicleId, String appId, String version, String assignmentId) {}
