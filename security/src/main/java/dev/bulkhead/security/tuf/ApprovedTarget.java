package dev.bulkhead.security.tuf;

import dev.bulkhead.security.Bytes;

/**
 * A package that director and image repository agree this vehicle should run now.
 *
 * @param path within the repositories
 * @param length in bytes
 * @param sha256 of the package file
 * @param custom what both signed about it
 */
public record ApprovedTarget(String path, long length, Bytes sha256, TargetCustom custom) {}
