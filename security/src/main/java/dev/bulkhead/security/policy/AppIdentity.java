package dev.bulkhead.security.policy;

/**
 * Who asks, as far as it was proved.
 *
 * @param vendor the name in the certificate that signed the package
 * @param appId reverse DNS id, which the vendor's prefix covers
 * @param version SemVer text
 */
public record AppIdentity(String vendor, String appId, String version) {
    /** Refuses empty names. */
    public AppIdentity {
        if (vendor.isEmpty() || appId.isEmpty() || version.isEmpty()) {
            throw new IllegalArgumentException("an app has a vendor, an id and a version");
        }
    }
}
