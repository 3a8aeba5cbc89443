package dev.bulkhead.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The server's database. {@link #write} runs its work in a transaction and commits it, or keeps nothing when it throws.
 * Thread-safe; writers queue up, readers do not wait.
 *
 * <p>Here it is one SQLite file with a write-ahead log and {@code synchronous=FULL}: what was committed survives a power
 * loss.
 */
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 6;
    private static final int BUSY_MILLIS = 20_000;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final ReentrantLock oneWriter = new ReentrantLock(true);

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /**
     * Opens the database in this file, making it or bringing its tables up to date.
     *
     * @throws StoreException when the file is not writable, is no database, or is from a newer server
     */
    public static Database open(Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            HikariDataSource pool = new HikariDataSource(poolOf(file));
            migrate(pool);
            return new Database(pool);
        } catch (IOException | RuntimeException e) {
            throw new StoreException("cannot open the database " + file + ": " + e.getMessage(), e);
        }
    }

    private static HikariConfig poolOf(Path file) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        sqlite.setBusyTimeout(BUSY_MILLIS);
        sqlite.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("fleet-database");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        return config;
    }

    private static void migrate(HikariDataSource pool) {
        try {
            Flyway.configure()
                    .dataSource(pool)
                    .locations("classpath:dev/bulkhead/server/store/sqlite")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            pool.close();
            throw e;
        }
    }

    /** Runs the work in a transaction and commits it. */
    public <T> T write(Function<Transaction, T> work) {
        oneWriter.lock();
        try {
            return jdbi.inTransaction(handle -> work.apply(new Transaction(handle)));
        } catch (JdbiException e) {
            throw new StoreException("the database refused a change: " + e.getMessage(), e);
        } finally {
            oneWriter.unlock();
        }
    }

    /** Runs the work, which must not write. Each statement by itself sees what was committed last. */
    public <T> T read(Function<Transaction, T> work) {
        try (Handle handle = jdbi.open()) {
            return work.apply(new Transaction(handle));
        } catch (JdbiException e) {
            throw new StoreException("the database could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
