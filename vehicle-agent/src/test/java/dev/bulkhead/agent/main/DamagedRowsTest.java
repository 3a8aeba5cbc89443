package dev.bulkhead.agent.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.DurableSlot;
import dev.bulkhead.agent.lifecycle.Durables;
import dev.bulkhead.agent.lifecycle.InstallReceipt;
import dev.bulkhead.agent.lifecycle.Phase;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.agent.lifecycle.SupervisorEvent.Verb;
import dev.bulkhead.agent.lifecycle.UpdateOutcome;
import dev.bulkhead.agent.store.AgentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The agent's store is sound SQLite, but a cell of it holds what cannot be. The agent starts, the app concerned is set aside and says
 * where and why, the others run, nothing is deleted, and there is a way out.
 */
class DamagedRowsTest {
    private static final int SEEDS = 40;
    private static final String FAN = "com.acme.fan";
    private static final String ILL = "com.acme.ill";
    private static final String LEFT = "com.acme.left";
    private static final String RIGHT = "com.acme.right";
    private static final String TRIAL = "com.acme.trial";
    private static final String GATE = "when = \"Vehicle.Speed == 0\"\n";

    @TempDir
    Path dir;

    private final LoopWorld world = new LoopWorld();
    private TestVehicle.Vendors vendors = new TestVehicle.Vendors();

    private TestVehicle vehicle() {
        return new TestVehicle(dir, world, vendors, TestVehicle.POLICY);
    }

    private static String manifest(String app, int release, String update) {
        return AgentStoryTest.manifest(
                app, release + ".0.0", release, "swap = \"handover\"\n" + update + AgentStoryTest.FAN_GRANTS);
    }

    private static byte[] good() {
        return TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED);
    }

    private static byte[] trapsAtStart() {
        return TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED.replace(
                "(func (export \"on_start\") (result i32)", "(func (export \"on_start\") (result i32) unreachable"));
    }

    /** A store with a row of every kind: a fan with configuration, one on probation, an ill one, and a pair that waits to change as one. */
    @BeforeEach
    void furnish() throws Exception {
        vendors = TestVehicle.Vendors.keptIn(dir);
        try (TestVehicle vehicle = vehicle()) {
            for (String app : List.of(FAN, TRIAL, LEFT, RIGHT)) {
                vehicle.install(manifest(app, 1, ""), good());
            }
            vehicle.install(manifest(ILL, 1, ""), trapsAtStart());
            vehicle.agent.orchestrator().configure(FAN, Map.of("level", "low"), "test");
            world.run(30_000);
            vehicle.publish("Vehicle.Speed", 50);
            vehicle.install(manifest(TRIAL, 2, "").replace("\"2s\"", "\"1h\""), good());
            world.run(5_000);
            vehicle.together(
                    "pair",
                    vehicle.pack(manifest(LEFT, 2, GATE), good()),
                    vehicle.pack(manifest(RIGHT, 2, GATE), good()));
            world.run(1_000);
            assertEquals(List.of(), vehicle.faults);
            assertEquals("QUARANTINED", vehicle.phase(ILL));
            assertEquals("1.0.0", version(vehicle, LEFT));
            assertEquals("2.0.0", version(vehicle, TRIAL));
        }
    }

    private int edit(String statement, @Nullable Object... values) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("agent.db"));
                PreparedStatement sql = connection.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                sql.setObject(i + 1, values[i]);
            }
            return sql.executeUpdate();
        }
    }

    /** An order that waits for the app, written as the agent writes it. */
    private void defer(String app, String word) {
        try (AgentStore store = AgentStore.open(dir, TestVehicle.SEAL)) {
            DurableSlot slot = store.survival().slots().stream()
                    .filter(each -> each.appId().equals(app))
                    .findFirst()
                    .orElseThrow();
            DurableSlot waiting = new DurableSlot(
                    app,
                    slot.wish(),
                    slot.active(),
                    slot.fallback(),
                    slot.candidate(),
                    slot.candidateOrder(),
                    slot.trial(),
                    slot.rejected(),
                    slot.quarantine(),
                    slot.part(),
                    List.of(new DurableSlot.Order(word, "test", Optional.empty())));
            store.save(new Durables(List.of(waiting), List.of(), Map.of()));
        }
    }

    private void damage(String table, String column, @Nullable Object value, String app) throws SQLException {
        assertTrue(edit("UPDATE " + table + " SET " + column + " = ? WHERE app = ?", value, app) > 0, table);
    }

    private static String version(TestVehicle vehicle, String app) {
        return vehicle.app(app).slot().active().orElseThrow().release().version();
    }

    private static void order(TestVehicle vehicle, String app, Verb verb) {
        vehicle.agent.orchestrator().apply(app, new SupervisorEvent.Operator(verb, "test"));
        vehicle.world.run(2_000);
    }

    /** In the agent's log, in the audit log and in the log of the app. */
    private static void told(TestVehicle vehicle, String app, String where) {
        assertTrue(vehicle.faults.stream().anyMatch(line -> line.contains(where)), vehicle.faults::toString);
        assertTrue(
                vehicle.audit().stream()
                        .anyMatch(entry -> entry.hasRefused()
                                && entry.getAppId().equals(app)
                                && entry.getRefused().getWhat().equals("record")
                                && entry.getRefused().getName().contains(where)),
                "in the audit log");
        assertTrue(
                app.isEmpty() || vehicle.log(app).stream().anyMatch(line -> line.contains(where)),
                () -> vehicle.log(app).toString());
    }

    private static void setAside(TestVehicle vehicle, String app, String where) {
        AppView view = vehicle.app(app);
        Phase.Quarantined walled =
                assertInstanceOf(Phase.Quarantined.class, view.slot().phase());
        assertTrue(walled.reason().contains("agent.db, table " + where), walled.reason());
        assertTrue(walled.reason().contains("start it"), "what to do: " + walled.reason());
        assertEquals(walled.reason(), view.cause());
        told(vehicle, app, where);
    }

    private static void othersRun(TestVehicle vehicle, String... but) {
        Stream.of(FAN, TRIAL, LEFT, RIGHT)
                .filter(app -> !List.of(but).contains(app))
                .forEach(app -> assertEquals("RUNNING", vehicle.phase(app), app));
    }

    @ParameterizedTest
    @CsvSource({
        "wish, RUNN",
        "active, 00 1 1.0.0 com.acme.fan",
        "fallback, nothing of the kind",
        "candidate, a b",
        "candidate_order, without a candidate",
        "rejected, ff -1 1.0.0 com.acme.fan",
        "wish_before, SLEEP",
        "ensemble, alone"
    })
    void aCellOfASlotSetsItsAppAsideUntilAnOperatorStartsIt(String column, String text) throws Exception {
        damage("slot", column, text, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "slot, row \"com.acme.fan\", column ");
            othersRun(vehicle, FAN);
        }
        assertEquals(1, edit("UPDATE slot SET " + column + " = ? WHERE " + column + " = ?", text, text), "still there");
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "slot, row \"com.acme.fan\", column ");
            order(vehicle, FAN, Verb.START);
            boolean startable = !column.equals("active");
            assertEquals(startable ? "RUNNING" : "INSTALLED", vehicle.phase(FAN));
            vehicle.install(manifest(FAN, 3, ""), good());
            world.run(5_000);
            assertEquals("3.0.0", version(vehicle, FAN));
            assertEquals(Map.of("level", "low"), vehicle.agent.orchestrator().configuration(FAN));
        }
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
            assertEquals(List.of(), vehicle.faults, "the row is sound again");
        }
    }

    @ParameterizedTest
    @CsvSource({"active", "trial", "quarantine", "ensemble"})
    void bytesWhereTextShouldBeAreNoTextAndTheAppCanBeUninstalled(String column) throws Exception {
        damage("slot", column, new byte[] {1, 2, 3}, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "slot, row \"com.acme.fan\", column " + column);
            assertInstanceOf(
                    InstallReceipt.Accepted.class, vehicle.agent.installer().uninstall("away", FAN));
            world.run(2_000);
            assertTrue(vehicle.agent.orchestrator().app(FAN).isEmpty());
        }
        try (TestVehicle vehicle = vehicle()) {
            world.run(2_000);
            assertTrue(vehicle.agent.orchestrator().app(FAN).isEmpty());
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @Test
    void oneOnProbationKeepsItsProvenVersionToReturnTo() throws Exception {
        damage("slot", "trial", new byte[] {7}, TRIAL);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, TRIAL, "slot, row \"com.acme.trial\", column trial");
            order(vehicle, TRIAL, Verb.ROLLBACK);
            assertEquals("RUNNING", vehicle.phase(TRIAL));
            assertEquals("1.0.0", version(vehicle, TRIAL));
        }
    }

    @ParameterizedTest
    @CsvSource({"candidate, gone", "wish, GO", "wish_before, ''"})
    void theOthersOfItsEnsembleStayWhatTheyWereAndWhoOrderedItIsTold(String column, String value) throws Exception {
        damage("slot", column, value, RIGHT);
        try (TestVehicle vehicle = vehicle()) {
            vehicle.publish("Vehicle.Speed", 0);
            world.run(10_000);
            setAside(vehicle, RIGHT, "slot, row \"com.acme.right\", column " + column);
            assertEquals("RUNNING", vehicle.phase(LEFT));
            assertEquals("1.0.0", version(vehicle, LEFT));
            UpdateOutcome.RolledBack back = assertInstanceOf(
                    UpdateOutcome.RolledBack.class,
                    vehicle.app(LEFT).update().orElseThrow().outcome());
            assertTrue(back.cause().contains("record of one of them is damaged"), back.cause());
            if (!column.equals("candidate")) {
                var failed = assertInstanceOf(
                        UpdateOutcome.Failed.class,
                        vehicle.app(RIGHT).update().orElseThrow().outcome());
                assertTrue(failed.cause().contains("column " + column), failed.cause());
                assertTrue(vehicle.agent
                        .installer()
                        .reports()
                        .contains(vehicle.app(RIGHT).update().orElseThrow()));
            }
        }
    }

    @Test
    void whereItIsNotKnownWithWhomAnAppChangesEverythingThatChangesAsOneGoesBack() throws Exception {
        damage("slot", "ensemble", null, RIGHT);
        try (TestVehicle vehicle = vehicle()) {
            vehicle.publish("Vehicle.Speed", 0);
            world.run(10_000);
            setAside(vehicle, RIGHT, "slot, row \"com.acme.right\", column ensemble");
            assertEquals("RUNNING", vehicle.phase(LEFT));
            assertEquals("1.0.0", version(vehicle, LEFT));
        }
    }

    @ParameterizedTest
    @CsvSource({"word, SING", "who, ", "release, of no kind", "number, first"})
    void anOrderThatWaitedAndCannotBeReadSetsItsAppAside(String column, @Nullable String value) throws Exception {
        defer(FAN, "STOP");
        damage("deferred", column, value == null ? new byte[] {0} : value, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "deferred, row \"com.acme.fan\", column ");
            othersRun(vehicle, FAN);
            order(vehicle, FAN, Verb.START);
            assertEquals("RUNNING", vehicle.phase(FAN));
        }
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @Test
    void aConfigurationThatCannotBeReadSetsItsAppAsideUntilItIsSetAnew() throws Exception {
        damage("config", "value", 7.5, FAN);
        edit("UPDATE config SET value = x'00' WHERE app = ?", FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "config, row \"com.acme.fan\", column value");
            othersRun(vehicle, FAN);
            vehicle.agent.orchestrator().configure(FAN, Map.of("level", "high"), "test");
            order(vehicle, FAN, Verb.START);
            assertEquals("RUNNING", vehicle.phase(FAN));
        }
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
            assertEquals(Map.of("level", "high"), vehicle.agent.orchestrator().configuration(FAN));
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @ParameterizedTest
    @CsvSource({"counter, many", "module_digest, no digest", "length, -1", "app, nobody", "version, "})
    void aPackageWithoutARecordCountsAsGoneUntilItIsHandedInAgain(String column, @Nullable String value)
            throws Exception {
        Object bad = value == null ? new byte[] {9} : value;
        edit("UPDATE release SET " + column + " = ? WHERE app = ?", bad, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("FAILED", vehicle.phase(FAN));
            assertTrue(vehicle.faults.toString().contains("table release"), vehicle.faults::toString);
            othersRun(vehicle, FAN);
            InstallReceipt receipt = vehicle.install(manifest(FAN, 1, ""), good());
            assertInstanceOf(InstallReceipt.Accepted.class, receipt, receipt.toString());
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
        }
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @Test
    void aNewVersionWithoutARecordGivesWayToTheProvenOne() throws Exception {
        edit("UPDATE release SET length = 'long' WHERE app = ? AND counter = 2", TRIAL);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(TRIAL));
            assertEquals("1.0.0", version(vehicle, TRIAL));
            told(vehicle, TRIAL, "table release");
        }
    }

    @ParameterizedTest
    @CsvSource({"report, outcome", "report, release", "report, detail", "report, assignment", "floor, counter"})
    void whatIsOnlyNewsOfAnAppKeepsItFromNothing(String table, String column) throws Exception {
        damage(table, column, new byte[] {3}, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            othersRun(vehicle);
            told(vehicle, FAN, "table " + table);
            vehicle.install(manifest(FAN, 2, ""), good());
            world.run(5_000);
            assertEquals("2.0.0", version(vehicle, FAN));
        }
        try (TestVehicle vehicle = vehicle()) {
            assertEquals(List.of(), vehicle.faults, "it was written anew");
            assertEquals(2, vehicle.floor(FAN));
        }
    }

    @Test
    void aFloorThatCannotBeReadLetsNothingOlderIn() throws Exception {
        try (TestVehicle vehicle = vehicle()) {
            vehicle.install(manifest(FAN, 5, ""), good());
            world.run(5_000);
        }
        damage("floor", "counter", "low", FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(1_000);
            var refused = assertInstanceOf(InstallReceipt.Refused.class, vehicle.install(manifest(FAN, 4, ""), good()));
            assertEquals("downgrade", refused.reason());
        }
    }

    @Test
    void aLastWordThatCannotBeReadIsLeftOutAndTheOthersAreShown() throws Exception {
        edit("UPDATE last_words SET suppressed = 'some' WHERE app = ? AND number = 0", ILL);
        try (TestVehicle vehicle = vehicle()) {
            world.run(1_000);
            assertEquals("QUARANTINED", vehicle.phase(ILL));
            assertFalse(vehicle.app(ILL).lastWords().isEmpty());
            told(vehicle, ILL, "table last_words");
        }
    }

    @ParameterizedTest
    @CsvSource({"slot", "deferred", "config", "report", "floor", "last_words", "release"})
    void aRowThatIsAboutNobodyIsToldOfOnceAndMovedAside(String table) throws Exception {
        defer(FAN, "START");
        String app = table.equals("last_words") ? ILL : FAN;
        damage(table, "app", "Not An App", app);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            told(vehicle, "", "table " + table);
            othersRun(vehicle, FAN);
        }
        assertEquals(0, edit("DELETE FROM " + table + " WHERE app = 'Not An App'"), "it is not there any more");
        assertTrue(
                edit("DELETE FROM aside WHERE source = ? AND cells LIKE '%app = ''Not An App''%'", table) > 0,
                "but kept as it was");
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals(List.of(), vehicle.faults, "and not told of again");
        }
    }

    @ParameterizedTest
    @CsvSource({"deferred", "config", "release", "report"})
    void aRowThatNamesAnAppThatIsNotThereIsMovedAsideToo(String table) throws Exception {
        defer(FAN, "START");
        damage(table, "app", "com.acme.nowhere", FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertTrue(vehicle.faults.toString().contains("table " + table), vehicle.faults::toString);
            othersRun(vehicle, FAN);
        }
        assertEquals(1, edit("DELETE FROM aside WHERE source = ?", table));
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals(List.of(), vehicle.faults);
        }
    }

    @Test
    void aWaitingOrderWhoseAppWasLostIsMovedAsideWithIt() throws Exception {
        defer(FAN, "START");
        damage("slot", "app", "com.acme.other", FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, "com.acme.other", "slot, row \"com.acme.other\", column active");
            assertTrue(vehicle.faults.toString().contains("there is no such app"), vehicle.faults::toString);
            othersRun(vehicle, FAN);
        }
        assertEquals(1, edit("DELETE FROM aside WHERE source = 'deferred'"));
    }

    @ParameterizedTest
    @CsvSource({
        "wish, STOP",
        "active, DIGEST 7 7.0.0 com.acme.fan",
        "quarantine, it never was",
        "fallback, DIGEST 1 1.0.0 com.acme.fan",
        "trial, an order"
    })
    void aCellOfASlotThatIsWrongButPlausibleSetsItsAppAsideUntilAnOperatorStartsIt(String column, String text)
            throws Exception {
        damage("slot", column, text.replace("DIGEST", "ab".repeat(32)), FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "slot, row \"com.acme.fan\", column seal");
            othersRun(vehicle, FAN);
            vehicle.install(manifest(FAN, 8, ""), good());
            world.run(5_000);
            assertEquals("8.0.0", version(vehicle, FAN));
        }
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
            assertEquals(List.of(), vehicle.faults, "the row is sealed again");
        }
    }

    @Test
    void oneBitOfADigestIsEnough() throws Exception {
        edit("UPDATE slot SET active = CASE substr(active, 1, 1) WHEN '0' THEN '1' ELSE '0' END || substr(active, 2) "
                + "WHERE app = 'com.acme.fan'");
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "slot, row \"com.acme.fan\", column seal");
            othersRun(vehicle, FAN);
        }
    }

    @Test
    void anotherAppsSealOrNoneFitsNoRow() throws Exception {
        edit("UPDATE slot SET seal = (SELECT seal FROM slot WHERE app = 'com.acme.trial') WHERE app = 'com.acme.fan'");
        edit("UPDATE config SET seal = NULL");
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "slot, row \"com.acme.fan\", column seal");
            told(vehicle, FAN, "config, row \"com.acme.fan\", column seal");
            othersRun(vehicle, FAN);
            assertEquals(Map.of(), vehicle.agent.orchestrator().configuration(FAN), "nobody vouches for it");
        }
    }

    @Test
    void anOrderThatSaysSomethingElseNowIsNotCarriedOut() throws Exception {
        defer(FAN, "START");
        damage("deferred", "word", "STOP", FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            setAside(vehicle, FAN, "deferred, row \"com.acme.fan\", column seal");
            order(vehicle, FAN, Verb.START);
            assertEquals("RUNNING", vehicle.phase(FAN));
        }
    }

    @ParameterizedTest
    @CsvSource({"version, 9.0.0", "vendor, somebody", "length, 12"})
    void aPackageWhoseRecordWasChangedCountsAsGone(String column, String value) throws Exception {
        damage("release", column, value, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(5_000);
            assertEquals("FAILED", vehicle.phase(FAN));
            told(vehicle, FAN, "table release");
            othersRun(vehicle, FAN);
            vehicle.install(manifest(FAN, 1, ""), good());
            world.run(5_000);
            assertEquals("RUNNING", vehicle.phase(FAN));
        }
    }

    @Test
    void aFloorThatWasRaisedOrLoweredIsNotBelieved() throws Exception {
        try (TestVehicle vehicle = vehicle()) {
            vehicle.install(manifest(FAN, 5, ""), good());
            world.run(5_000);
        }
        damage("floor", "counter", 1, FAN);
        try (TestVehicle vehicle = vehicle()) {
            world.run(1_000);
            told(vehicle, FAN, "floor, row \"com.acme.fan\", column seal");
            assertInstanceOf(InstallReceipt.Refused.class, vehicle.install(manifest(FAN, 4, ""), good()));
        }
        damage("floor", "counter", 1_000_000, FAN);
        try (TestVehicle vehicle = vehicle()) {
            vehicle.install(manifest(FAN, 6, ""), good());
            world.run(5_000);
            assertEquals("6.0.0", version(vehicle, FAN));
            assertEquals(6, vehicle.floor(FAN));
        }
    }

    private record Cell(String table, String column, String keys) {}

    private List<Cell> cells(Connection connection) throws SQLException {
        List<Cell> cells = new ArrayList<>();
        for (String table : List.of("slot", "release", "report", "floor", "config", "deferred", "last_words")) {
            List<String> keys = new ArrayList<>();
            try (PreparedStatement sql = connection.prepareStatement("SELECT name, pk FROM pragma_table_info(?)")) {
                sql.setString(1, table);
                List<String> columns = new ArrayList<>();
                try (ResultSet rows = sql.executeQuery()) {
                    while (rows.next()) {
                        columns.add(rows.getString(1));
                        if (rows.getInt(2) > 0) {
                            keys.add(rows.getString(1));
                        }
                    }
                }
                columns.forEach(column -> cells.add(new Cell(table, column, String.join(", ", keys))));
            }
        }
        return cells;
    }

    private static @Nullable Object garbage(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> bytes;
            case 2 -> new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            case 3 -> random.nextLong();
            case 4 -> random.nextDouble();
            case 5 -> "";
            case 6 -> "x".repeat(random.nextInt(1, 5_000));
            default -> FAN;
        };
    }

    /** One random row's cell. Answers the app that the row was about; empty when there is no row or the schema does not let it be. */
    private static Optional<String> spoil(Connection connection, Cell cell, SplittableRandom random)
            throws SQLException {
        Object value = garbage(random);
        int number = random.nextInt(1_000);
        String row = " WHERE (" + cell.keys() + ") = (SELECT " + cell.keys() + " FROM " + cell.table() + " ORDER BY "
                + cell.keys() + " LIMIT 1 OFFSET ? % (SELECT max(1, count(*)) FROM " + cell.table() + "))";
        try (PreparedStatement about = connection.prepareStatement("SELECT app FROM " + cell.table() + row);
                PreparedStatement sql = connection.prepareStatement(
                        "UPDATE " + cell.table() + " SET " + cell.column() + " = ?" + row)) {
            about.setInt(1, number);
            String app;
            try (ResultSet found = about.executeQuery()) {
                app = found.next() ? String.valueOf(found.getString(1)) : "";
            }
            sql.setObject(1, value);
            sql.setInt(2, number);
            return sql.executeUpdate() > 0 ? Optional.of(app) : Optional.empty();
        } catch (SQLException forbidden) {
            return Optional.empty();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    void whateverCellsAreDamagedTheAgentRunsAndSoDoesEveryAppTheyAreNotAbout(@TempDir Path elsewhere) throws Exception {
        defer(FAN, "START");
        Long only = Long.getLong("bulkhead.seed");
        int damaged = 0;
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            Path copy = elsewhere.resolve("seed-" + seed);
            copy(dir, copy);
            SplittableRandom random = new SplittableRandom(seed);
            List<String> history = new ArrayList<>();
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("agent.db"))) {
                List<Cell> cells = cells(connection);
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    Cell cell = cells.get(random.nextInt(cells.size()));
                    Optional<String> about = spoil(connection, cell, random);
                    about.ifPresent(app -> history.add(cell + " of " + app));
                    damaged += about.isPresent() ? 1 : 0;
                }
            }
            String where = "seed " + seed + " " + history;
            try (TestVehicle vehicle = new TestVehicle(copy, world, vendors, TestVehicle.POLICY)) {
                world.run(5_000);
                String told = where + " " + vehicle.faults;
                for (String app : List.of(FAN, TRIAL, LEFT, RIGHT)) {
                    boolean about =
                            told.contains(app) || vehicle.faults.toString().contains("is no app id");
                    String phase = vehicle.agent
                            .orchestrator()
                            .app(app)
                            .map(view -> view.slot().phase().word())
                            .orElse("nowhere");
                    assertTrue(about || phase.equals("RUNNING"), () -> app + " is " + phase + ": " + told);
                }
                InstallReceipt receipt = vehicle.install(manifest("com.acme.fresh", 1, ""), good());
                assertInstanceOf(InstallReceipt.Accepted.class, receipt, told);
                world.run(2_000);
                assertEquals("RUNNING", vehicle.phase("com.acme.fresh"), told);
            }
        }
        assertTrue(only != null || damaged > SEEDS, "cells that were damaged: " + damaged);
    }
}
