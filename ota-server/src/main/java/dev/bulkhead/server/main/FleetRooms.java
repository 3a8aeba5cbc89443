package dev.bulkhead.server.main;

import dev.bulkhead.security.keys.KeyDirectory;
import dev.bulkhead.security.tuf.Lifetimes;
import dev.bulkhead.security.tuf.TrustCeremony;
import dev.bulkhead.server.campaign.Assignments;
import dev.bulkhead.server.campaign.Changes;
import dev.bulkhead.server.campaign.Rollouts;
import dev.bulkhead.server.fleet.FleetHandlers;
import dev.bulkhead.server.fleet.FleetParts;
import dev.bulkhead.server.repository.BlockServer;
import dev.bulkhead.server.repository.DirectorRepository;
import dev.bulkhead.server.repository.ImageRepository;
import dev.bulkhead.server.repository.MetadataBundles;
import dev.bulkhead.server.repository.OfflineMetadata;
import dev.bulkhead.server.repository.OnlineKeys;
import dev.bulkhead.server.repository.Publication;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The rooms between the vehicles and the database. */
record FleetRooms(
        ImageRepository image,
        Publication publication,
        Assignments assignments,
        Rollouts rollouts,
        FleetHandlers handlers) {
    /** Puts them together and takes in what the OEM signed offline. */
    static FleetRooms furnish(Storage storage, KeyDirectory keys, Line line, InstantSource time, SecureRandom random) {
        OnlineKeys online = OnlineKeys.read(keys);
        OfflineMetadata offline = OfflineMetadata.of(new TrustCeremony(keys, Lifetimes.USUAL, time));
        ImageRepository image = new ImageRepository(online, Lifetimes.USUAL, time);
        DirectorRepository director = new DirectorRepository(online, Lifetimes.USUAL, time);
        storage.database().write(tx -> {
            tx.vehicles().setAllOffline();
            director.takeIn(tx, offline);
            return image.takeIn(tx, offline);
        });
        Assignments assignments =
                new Assignments(storage.database(), director::sign, line::wake, new Changes(), time, random);
        FleetParts parts = new FleetParts(storage.database(), assignments, line::downlink, storage.incidents(), time);
        return new FleetRooms(
                image,
                new Publication(storage.database(), image, offline, line::retainImageTimestamp),
                assignments,
                new Rollouts(storage.database(), assignments, time),
                FleetHandlers.of(
                        parts,
                        new MetadataBundles(image, director),
                        new BlockServer(storage.database(), storage.blobs()),
                        random));
    }
}
