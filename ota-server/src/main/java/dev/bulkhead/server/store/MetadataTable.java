package dev.bulkhead.server.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Signed trust metadata under the names clients fetch, such as {@code 3.targets.json}, for each repository. */
public final class MetadataTable {
    private final Handle handle;

    MetadataTable(Handle handle) {
        this.handle = handle;
    }

    /** Adds or replaces a file. */
    public void put(String repository, String name, byte[] content) {
        handle.createUpdate("INSERT INTO metadata (repository, name, content) VALUES (:repository, :name, :content)"
                        + " ON CONFLICT (repository, name) DO UPDATE SET content = excluded.content")
                .bind("repository", repository)
                .bind("name", name)
                .bind("content", content)
                .execute();
    }

    /** A file. */
    public Optional<byte[]> find(String repository, String name) {
        return handle.createQuery("SELECT content FROM metadata WHERE repository = :repository AND name = :name")
                .bind("repository", repository)
                .bind("name", name)
                .mapTo(byte[].class)
                .findOne();
    }

    /** The names of a repository's files. */
    public List<String> names(String repository) {
        return handle.createQuery("SELECT name FROM metadata WHERE repository = :repository ORDER BY name")
                .bind("repository", repository)
                .mapTo(String.class)
                .list();
    }

    /** Forgets a file. */
    public void remove(String repository, String name) {
        handle.createUpdate("DELETE FROM metadata WHERE repository = :repository AND name = :name")
                .bind("repository", repository)
                .bind("name", name)
                .execute();
    }

    /** Forgets all files of a repository. */
    public void removeAll(String repository) {
        handle.createUpdate("DELETE FROM metadata WHERE repository = :repository")
                .bind("repository", repository)
                .execute();
    }
}
