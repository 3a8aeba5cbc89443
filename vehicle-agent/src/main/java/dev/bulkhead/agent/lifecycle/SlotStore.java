package dev.bulkhead.agent.lifecycle;

import java.util.List;
import java.util.Map;

/** Where slots survive power loss. Each call is atomic and durable when it returns. Used on the control strand only. */
public interface SlotStore {
    /** All that is kept, read once when the agent starts. What cannot be read is named and changes nothing of the rest. */
    Survival survival();

    /** Moves what is about nobody out of the way, kept as it was: it was told of and concerns no app. Answers how many rows. */
    default int setStraysAside() {
        return 0;
    }

    /** Writes what a step changes, all of it or nothing. */
    void save(Durables next);

    /** Forgets the app and its key-value data; its release floor stays, so that it cannot come back older. */
    void purge(String appId);

    /** What an operator set for the app, by key; it goes with the slot when the app is purged. */
    Map<String, String> config(String appId);

    /** Writes the whole of an app's configuration in place of what was there. */
    void configure(String appId, Map<String, String> values);

    /** The last report of each app, by app id. */
    List<UpdateReport> reports();
}
