package dev.bulkhead.security.tuf;

/** Why trust metadata is refused; {@link #word()} goes into logs and attack reports. */
public enum Refusal {
    /** Not strict JSON, or a field missing, doubled, of the wrong kind or beyond its bound. */
    MALFORMED("malformed"),
    /** Another role's metadata stands in this file. */
    WRONG_TYPE("wrong-type"),
    /** Too few valid signatures, or none by a required algorithm. */
    THRESHOLD("arbitrary-software"),
    /** An older version than one already trusted. */
    ROLLBACK("rollback"),
    /** Not the version the file was announced with. */
    WRONG_VERSION("wrong-version"),
    /** Expired: someone holds back what is newer. */
    EXPIRED("freeze"),
    /** Length or hash differ from what was announced. */
    MIX_AND_MATCH("mix-and-match"),
    /** More bytes than the file may have. */
    ENDLESS_DATA("endless-data"),
    /** A file the snapshot announces, or must announce, is not there. */
    INCOMPLETE("partial-bundle"),
    /** Director and image repository do not agree about a target. */
    DISAGREEMENT("mixed-bundle"),
    /** Metadata made for another vehicle. */
    WRONG_VEHICLE("replay"),
    /** A targets role speaks for a path it is not trusted with. */
    OUTSIDE_PATHS("arbitrary-software"),
    /** A target for hardware this vehicle does not have. */
    WRONG_HARDWARE("wrong-hardware"),
    /** A lower release counter than what is installed. */
    RELEASE_ROLLBACK("release-rollback"),
    /** A target whose bytes are not what was signed. */
    WRONG_TARGET("arbitrary-software");

    private final String word;

    Refusal(String word) {
        this.word = word;
    }

    /** A stable word; several refusals may share the word of the attack they stop. */
    public String word() {
        return word;
    }
}
