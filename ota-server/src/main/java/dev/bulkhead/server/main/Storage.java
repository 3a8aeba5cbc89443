package dev.bulkhead.server.main;

import dev.bulkhead.server.fleet.IncidentLog;
import dev.bulkhead.server.store.BlobStore;
import dev.bulkhead.server.store.Database;
import java.time.InstantSource;

/** What lasts: database, blobs and the log of incidents. */
record Storage(Database database, BlobStore blobs, IncidentLog incidents) {
    static Storage open(ServerSettings settings, InstantSource time, Shutdown shutdown) {
        Database database = shutdown.add(Database.open(settings.data().resolve("fleet.db")));
        BlobStore blobs = BlobStore.open(settings.data().resolve("blobs"));
        IncidentLog incidents = shutdown.add(new IncidentLog(database, time));
        incidents.start();
        return new Storage(database, blobs, incidents);
    }
}
