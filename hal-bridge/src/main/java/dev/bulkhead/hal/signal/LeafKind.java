package dev.bulkhead.hal.signal;

/** What a VSS leaf is. */
public enum LeafKind {
    /** Measured by the vehicle, never set by an app. */
    SENSOR,
    /** Can be driven, and read back. */
    ACTUATOR,
    /** Fixed for the vehicle, such as its length. */
    ATTRIBUTE
}
