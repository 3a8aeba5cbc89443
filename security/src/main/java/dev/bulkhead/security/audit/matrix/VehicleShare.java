package dev.bulkhead.security.audit.matrix;

/** What one vehicle's log says of a row of the fleet's matrix. */
public record VehicleShare(String vehicle, MatrixRow row) {}
