package dev.bulkhead.agent.ota;

/** What a vehicle says to its fleet, one topic each under {@code …/v/{vid}/up/} (ota.md, Transport). */
public enum Up {
    HELLO("hello"),
    MANIFEST("manifest"),
    BLOCKS("blocks"),
    PROGRESS("progress"),
    AUDIT("audit"),
    HEALTH("health");

    private final String level;

    Up(String level) {
        this.level = level;
    }

    /** The last level of the topic. */
    public String level() {
        return level;
    }
}
