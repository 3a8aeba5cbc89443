package dev.bulkhead.agent.host;

/** What an app can be warned to be short of; the code is the {@code aux} of the event. */
public enum Scarce {
    CPU(1),
    MEMORY(2),
    QUEUE(3),
    STORAGE(4);

    private final int code;

    Scarce(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
