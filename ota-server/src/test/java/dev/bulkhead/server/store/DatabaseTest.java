package dev.bulkhead.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
    @TempDir
    private Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("fleet.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsWhatWasCommittedAcrossReopening() {
        database.write(tx -> {
            assertTrue(tx.vehicles().seen("car-1", 5));
            assertFalse(tx.vehicles().seen("car-1", 6));
            tx.vehicles().setHello("car-1", "1.0", Map.of("region", "eu"));
            return true;
        });
        database.close();
        database = Database.open(folder.resolve("fleet.db"));
        VehicleRow car = database.read(tx -> tx.vehicles().find("car-1")).orElseThrow();
        assertEquals(5, car.firstSeen());
        assertEquals(6, car.lastSeen());
        assertEquals(Map.of("region", "eu"), car.attributes());
    }

    @Test
    void keepsNothingOfWorkThatThrows() {
        assertThrows(
                IllegalStateException.class,
                () -> database.write(tx -> {
                    tx.vehicles().seen("car-2", 1);
                    throw new IllegalStateException("on purpose");
                }));
        assertTrue(database.read(tx -> tx.vehicles().find("car-2")).isEmpty());
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws IOException {
        Path file = folder.resolve("other.db");
        Files.write(file, "this is text, and long enough to be looked at as a header".getBytes(StandardCharsets.UTF_8));
        assertThrows(StoreException.class, () -> Database.open(file));
    }

    @Test
    void advancesAnActionOnlyFromTheRevisionThatWasSeen() {
        ActionRow first = new ActionRow("a1", "car-1", "com.acme.app", "1.0.0", "assigned", 0, 0, "", "", 1, 0);
        database.write(tx -> {
            tx.vehicles().seen("car-1", 1);
            tx.assignments().add(new AssignmentRow("a1", "com.acme.app", "1.0.0", false, 1));
            tx.assignments().addAction(first);
            tx.assignments().addAction(first);
            return true;
        });
        ActionRow second = new ActionRow("a1", "car-1", "com.acme.app", "1.0.0", "downloading", 0, 9, "", "", 2, 1);
        boolean advanced = database.write(tx -> tx.assignments().advance(second));
        boolean again = database.write(tx -> tx.assignments().advance(second));
        assertTrue(advanced);
        assertFalse(again);
        assertEquals(
                List.of("assigned", "downloading"),
                database.read(tx -> tx.assignments().history("a1", "car-1")));
    }

    @Test
    void manyWritersQueueUpAndNoneIsLost() {
        IntStream.range(0, 200)
                .parallel()
                .forEach(i -> database.write(tx -> tx.vehicles().seen("car-" + i, i)));
        assertEquals(200, database.read(tx -> tx.vehicles().list("", 1000)).size());
    }

    @Test
    void incidentsAreBounded() {
        List<IncidentTable.Row> rows = IntStream.range(0, IncidentTable.MOST + 500)
                .mapToObj(i -> new IncidentTable.Row(i, "car-1", "cause", "detail " + i))
                .toList();
        database.write(tx -> {
            tx.incidents().add(rows);
            return true;
        });
        List<IncidentTable.Row> kept = database.read(tx -> tx.incidents().newest(Integer.MAX_VALUE));
        assertEquals(IncidentTable.MOST, kept.size());
        assertEquals("detail " + (IncidentTable.MOST + 499), kept.getFirst().detail());
    }
}
