package dev.bulkhead.server.repository;

import dev.bulkhead.security.tuf.MetadataStore;
import dev.bulkhead.server.store.MetadataTable;
import dev.bulkhead.server.store.Transaction;
import java.util.Optional;

/** Metadata files in the database; lives as long as its transaction, with which all of its changes stand or fall. */
final class TableMetadataStore implements MetadataStore {
    private final MetadataTable table;
    private final String repository;

    TableMetadataStore(Transaction tx, String repository) {
        this.table = tx.metadata();
        this.repository = repository;
    }

    @Override
    public Optional<byte[]> load(String fileName) {
        return table.find(repository, fileName);
    }

    @Override
    public void save(String fileName, byte[] content) {
        table.put(repository, fileName, content);
    }

    @Override
    public void delete(String fileName) {
        table.remove(repository, fileName);
    }
}
