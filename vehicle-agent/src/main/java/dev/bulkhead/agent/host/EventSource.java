package dev.bulkhead.agent.host;

/** Something that has events for an app. {@link #drain} is called on the app's strand, the rest on any thread. */
interface EventSource {
    /** Writes at most {@code most} events; what is left keeps the source ready. */
    void drain(EventWriter writer, int most);

    /** How many events wait. */
    int waiting();

    /** How many events were lost so far. */
    long dropped();
}
