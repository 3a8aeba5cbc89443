package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.LogBook;
import java.util.List;
import java.util.Map;

/** Where slots survive power loss. Each call is atomic and durable when it returns. Used on the control strand only. */
public interface SlotStore {
    /** Every slot, by app id. */
    List<DurableSlot> slots();

    /**
     * Writes slots in place of what was known of their apps, and the last reports of apps, all of it or nothing. A proven release raises
     * the app's floor with it.
     */
    void save(List<DurableSlot> slots, List<UpdateReport> reports);

    /** Forgets the app, its reports and its key-value data; its release floor stays, so that it cannot come back older. */
    void purge(String appId);

    /** What an operator set for the app, by key; it goes with the slot when the app is purged. */
    Map<String, String> config(String appId);

    /** Writes the whole of an app's configuration in place of what was there. */
    void configure(String appId, Map<String, String> values);

    /** Keeps the end of the log of an app that is walled off, in place of what was kept of it before. */
    void keepLastWords(String appId, List<LogBook.Line> lines);

    /** What was kept of the app's log when it was walled off last, oldest first; goes with the slot when the app is purged. */
    List<LogBook.Line> lastWords(String appId);

    /** The last report of each app, by app id. */
    List<UpdateReport> reports();
}
