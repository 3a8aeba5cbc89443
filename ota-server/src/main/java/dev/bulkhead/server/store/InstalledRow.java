package dev.bulkhead.server.store;

/**
 * One app a vehicle says it has, under its signature.
 *
 * @param counter the release counter
 * @param sha256 of the package file, lower-case hex
 * @param phase the app's life phase as the vehicle names it
 */
public record InstalledRow(String appId, String version, long counter, String sha256, String phase) {}
