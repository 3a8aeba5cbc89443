package dev.bulkhead.contract.manifest;

/**
 * Another app that this one needs, or would rather have started before it.
 *
 * @param app whose id it is
 * @param versions which of its versions will do
 * @param optional true: this app starts after it where it is there, and without it where it is not
 */
public record Dependency(AppId app, VersionRange versions, boolean optional) {
    /** {@code com.acme.maps >=1.2.0}, for messages. */
    @Override
    public String toString() {
        return app + (versions.comparisons().isEmpty() ? "" : " " + versions);
    }
}
