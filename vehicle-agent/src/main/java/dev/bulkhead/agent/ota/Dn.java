package dev.bulkhead.agent.ota;

/** What the fleet says to a vehicle: its own topics under {@code …/v/{vid}/dn/}, and one that all share. */
public enum Dn {
    WAKE("wake"),
    DIRECTOR("director"),
    BLOCK("block"),
    COMMAND("command"),
    /** The retained timestamp of the image repository: it changed, so there may be news. */
    IMAGE_TIMESTAMP("timestamp");

    private final String level;

    Dn(String level) {
        this.level = level;
    }

    /** The last level of the topic. */
    public String level() {
        return level;
    }
}
