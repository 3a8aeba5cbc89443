package dev.bulkhead.security.keys;

import java.util.regex.Pattern;

/**
 * What a vendor certificate says, and nothing else.
 *
 * @param vendor short name, lower-case letters, digits and dashes, 1 to 63 characters
 * @param appIdPrefix reverse-DNS prefix the vendor owns, such as {@code com.acme}, at most 128 characters
 */
public record VendorIdentity(String vendor, String appIdPrefix) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z0-9][a-z0-9_-]*)*");

    public VendorIdentity {
        if (!NAME.matcher(vendor).matches()) {
            throw new KeyException("vendor name \"" + vendor + "\": wants a-z, 0-9 and -, 1 to 63 characters");
        }
        if (appIdPrefix.length() > 128 || !PREFIX.matcher(appIdPrefix).matches()) {
            throw new KeyException(
                    "app-id prefix \"" + appIdPrefix + "\": wants reverse DNS in lower case, such as com.acme");
        }
    }

    /** Whether the app id is the prefix itself or lies under it; {@code com.acmeevil} does not lie under {@code com.acme}. */
    public boolean owns(String appId) {
        return appId.equals(appIdPrefix) || appId.startsWith(appIdPrefix + ".");
    }
}
