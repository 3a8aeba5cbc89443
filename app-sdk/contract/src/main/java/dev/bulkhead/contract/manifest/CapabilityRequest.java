package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.capability.CapabilityLine;

/**
 * One {@code [[capability]]}.
 *
 * @param reason shown to the integrator and the auditor, 1..200 characters
 * @param line where in the manifest it stands, from 1
 */
public record CapabilityRequest(CapabilityLine grant, String reason, int line) {}
