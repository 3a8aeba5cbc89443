package dev.bulkhead.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.bulkhead.contract.proto.AuditCheckpoint;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.evidence.EntryProof;
import dev.bulkhead.security.audit.matrix.FleetMatrix;
import dev.bulkhead.security.audit.matrix.MatrixRow;
import dev.bulkhead.security.audit.merkle.Hash;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.NoteKey;
import dev.bulkhead.security.audit.note.NoteSigner;
import dev.bulkhead.security.audit.note.SignedNote;
import dev.bulkhead.security.audit.summary.SummaryWriter;
import dev.bulkhead.security.keys.FileSigner;
import dev.bulkhead.security.keys.KeyScheme;
import dev.bulkhead.server.broker.VehicleId;
import dev.bulkhead.server.campaign.Assignments;
import dev.bulkhead.server.campaign.Changes;
import dev.bulkhead.server.store.AuditConflictTable;
import dev.bulkhead.server.store.AuditViewsTable;
import dev.bulkhead.server.store.Database;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What vehicles tell of their views, from real logs into the server's database. */
final class AuditViewsTest {
    private static final String SPEED = "signal Vehicle.Speed read";
    private static final String BRAKE = "signal Vehicle.Chassis.Brake.PedalPosition actuate";

    private final InstantSource time = () -> Instant.ofEpochMilli(1_790_000_000_000L);
    private final List<Car> cars = new ArrayList<>();
    private Path folder = Path.of(".");
    private Database database;
    private IncidentLog incidents;
    private AuditHandler handler;
    private FleetViews views;

    @BeforeEach
    void open(@TempDir Path directory) {
        folder = directory;
        database = Database.open(directory.resolve("fleet.db"));
        incidents = new IncidentLog(database, time);
        incidents.start();
        Assignments assignments =
                new Assignments(database, (tx, car) -> {}, (car, why) -> {}, new Changes(), time, new Random(1));
        handler = new AuditHandler(new FleetParts(
                database,
                assignments,
                () -> {
                    throw new AssertionError("nothing is sent");
                },
                incidents,
                time));
        views = new FleetViews(database);
    }

    @AfterEach
    void close() {
        cars.forEach(car -> car.log.close());
        incidents.close();
        database.close();
    }

    private Car car(String id) {
        Car car = new Car(id, FileSigner.generate(KeyScheme.ED25519, new SecureRandom()), "");
        database.write(tx -> {
            tx.vehicles().seen(id, 1);
            tx.vehicles().setAuditKey(id, car.key().toString());
            return true;
        });
        return car;
    }

    private static void honest(AuditSummary.Builder page) {
        assertTrue(page.isInitialized());
    }

    /** A vehicle with a real log. */
    private final class Car {
        private final VehicleId id;
        private final FileSigner identity;
        private final NoteSigner signer;
        private final AuditLog log;

        Car(String id, FileSigner identity, String life) {
            this.id = new VehicleId(id);
            this.identity = identity;
            this.signer = NoteSigner.of(identity);
            this.log = AuditLog.open(
                    folder.resolve(id + life + ".db"), AuditSettings.of(origin()), signer, time, () -> Long.MAX_VALUE);
            cars.add(this);
        }

        private String origin() {
            return "bulkhead/vehicle/" + id;
        }

        private NoteKey key() {
            return NoteKey.of(origin(), signer.publicKey());
        }

        /** The same vehicle with another history. */
        private Car reborn() {
            return new Car(id.value(), identity, "-again");
        }

        private Car declares() {
            log.append(app().setDeclared(AuditEntry.Declared.newBuilder()
                            .addRequests(AuditEntry.Declared.Request.newBuilder()
                                    .setLine(SPEED)
                                    .addEffective(SPEED)))
                    .build());
            return this;
        }

        private Car uses(long count) {
            log.append(app().setUsed(AuditEntry.Used.newBuilder()
                            .setAccess(SPEED)
                            .setSinceUnixMs(time.millis() - 1000)
                            .setCount(count))
                    .build());
            return this;
        }

        private Car isDenied(long count) {
            log.append(app().setDenied(AuditEntry.Denied.newBuilder()
                            .setAccess(BRAKE)
                            .setRule("no brakes")
                            .setCount(count))
                    .build());
            return this;
        }

        private AuditEntry.Builder app() {
            return AuditEntry.newBuilder()
                    .setAppId("com.acme.climate")
                    .setVersion("1.0.0")
                    .setVendor("acme");
        }

        private void tells() throws MalformedMessageException {
            tells(told(), AuditViewsTest::honest);
        }

        private long told() {
            return database.read(tx -> tx.auditViews().state(id.value()))
                    .map(AuditViewsTable.State::told)
                    .orElse(0L);
        }

        private void tells(long from, Consumer<AuditSummary.Builder> bend) throws MalformedMessageException {
            handler.handle(id, message(from, bend));
        }

        private byte[] message(long from, Consumer<AuditSummary.Builder> bend) {
            SignedNote note = log.checkpoint();
            Checkpoint head = Checkpoint.parse(note.text());
            long held = database.read(tx -> tx.checkpoints().find(id.value()))
                    .map(row -> row.size())
                    .orElse(0L);
            try (LogReader reader = log.reader()) {
                var writer = new SummaryWriter(reader, head);
                AuditSummary.Builder page = writer.page(from).toBuilder();
                bend.accept(page);
                List<ByteString> proof = held >= head.size()
                        ? List.of()
                        : reader.tree(head.size()).consistencyProof(held).stream()
                                .map(Hash::bytes)
                                .map(ByteString::copyFrom)
                                .toList();
                return AuditCheckpoint.newBuilder()
                        .setNote(ByteString.copyFrom(note.bytes()))
                        .setTreeSize(head.size())
                        .setPreviousSize(held)
                        .setConsistency(ByteString.copyFrom(proof))
                        .setSummary(page.build().toByteString())
                        .setSummaryNote(ByteString.copyFrom(writer.sign(page.build(), signer)))
                        .build()
                        .toByteArray();
            }
        }

        private MatrixRow row(String capability) {
            return views.vehicle(id.value()).orElseThrow().rows().stream()
                    .filter(row -> row.capability().equals(capability))
                    .findFirst()
                    .orElseThrow();
        }

        private Optional<String> conflict() {
            return database.read(tx -> tx.auditConflicts().find(id.value())).map(AuditConflictTable.Row::why);
        }
    }

    @Test
    void theFleetsMatrixAddsUpWhatTheVehiclesTell() throws MalformedMessageException {
        Car one = car("car-1").declares().uses(10);
        Car two = car("car-2").declares().uses(5).isDenied(3);
        one.tells();
        two.tells();
        FleetMatrix fleet = views.fleet();
        assertEquals(2, fleet.vehicles());
        assertEquals(15, fleet.rows().get(0).sum().used().orElseThrow().count());
        assertEquals(
                "car-2",
                fleet.whoCanTouch("Vehicle.Chassis.**")
                        .rows()
                        .getFirst()
                        .vehicles()
                        .getFirst()
                        .vehicle());
        one.uses(1);
        one.tells();
        assertEquals(16, views.fleet().rows().get(0).sum().used().orElseThrow().count());
        assertEquals(1, views.of(List.of("car-1", "nobody")).vehicles());
        assertEquals(0, incidents.counts().size());
    }

    @Test
    void keepsTheProofOfTheNewestDenial() throws MalformedMessageException {
        Car car = car("car-1").isDenied(1).isDenied(2);
        car.tells();
        byte[] proof = database.read(tx -> tx.auditViews().proof("car-1", 1)).orElseThrow();
        assertEquals(Optional.empty(), EntryProof.parse(proof).objection(car.key()));
        assertEquals(3, car.row(BRAKE).denied().orElseThrow().count());
    }

    @Test
    void theSamePageTwiceDoesNoHarm() throws MalformedMessageException {
        Car car = car("car-1").uses(10);
        car.tells(0, AuditViewsTest::honest);
        car.tells(0, AuditViewsTest::honest);
        assertEquals(10, car.row(SPEED).used().orElseThrow().count());
        assertEquals(0, incidents.counts().size());
    }

    @Test
    void aPageThatSkipsSomeIsNotTaken() throws MalformedMessageException {
        Car car = car("car-1").uses(10).isDenied(1).uses(2);
        car.tells(2, AuditViewsTest::honest);
        assertEquals(0, car.told());
        assertEquals(0, views.fleet().vehicles());
    }

    @Test
    void findsAVehicleThatRewroteItsHistoryAndKeepsBothNotes() throws MalformedMessageException {
        Car car = car("car-1").uses(10).isDenied(40);
        car.tells();
        Car again = car.reborn().uses(10).uses(1).uses(1);
        again.tells(0, AuditViewsTest::honest);
        again.uses(1).tells(0, AuditViewsTest::honest);
        AuditConflictTable.Row conflict =
                database.read(tx -> tx.auditConflicts().find("car-1")).orElseThrow();
        assertTrue(conflict.why().contains("is not shown to begin with"), conflict.why());
        assertEquals(2, conflict.times());
        assertEquals(2, Checkpoint.open(conflict.held(), car.key()).size());
        assertEquals(3, Checkpoint.open(conflict.offered(), car.key()).size());
        assertEquals(40, car.row(BRAKE).denied().orElseThrow().count(), "what was believed stays");
        assertEquals(2L, incidents.counts().get("audit-inconsistent"));
    }

    @Test
    void findsAVehicleThatCountsItsUseDown() throws MalformedMessageException {
        Car car = car("car-1").uses(100);
        car.tells();
        car.uses(1).tells(1, page -> page.getTouchesBuilder(0).setCount(7));
        assertTrue(
                car.conflict().orElse("").contains("100 times"), car.conflict().orElse(""));
        assertEquals(100, car.row(SPEED).used().orElseThrow().count());
        assertEquals(1L, incidents.counts().get("audit-views-shrank"));
    }

    @Test
    void findsAVehicleThatTakesBackWhatItDropped() throws MalformedMessageException {
        Car car = car("car-1");
        for (int i = 0; i < 300; i++) {
            car.uses(1);
        }
        car.log.dropBefore(256, "test");
        car.tells();
        car.uses(1).tells(car.told(), page -> page.setFirstRetained(0));
        assertTrue(
                car.conflict().orElse("").contains("were dropped"),
                car.conflict().orElse(""));
    }

    @Test
    void sumsMayShrinkWithWhatIsDropped() throws MalformedMessageException {
        Car car = car("car-1");
        for (int i = 0; i < 300; i++) {
            car.uses(1);
        }
        car.tells();
        car.log.dropBefore(256, "test");
        car.uses(1).tells();
        assertEquals(Optional.empty(), car.conflict());
    }

    @Test
    void refusesAPageTheLogDoesNotBearOut() throws MalformedMessageException {
        Car car = car("car-1").isDenied(1);
        car.tells(0, page -> page.getTouchesBuilder(0).setAppId("com.acme.scapegoat"));
        assertEquals(0, views.fleet().vehicles());
        assertEquals(1L, incidents.counts().get("audit-summary-refused"));
        assertEquals(
                1,
                database.read(tx -> tx.checkpoints().find("car-1"))
                        .orElseThrow()
                        .size(),
                "the head is right");
    }

    @Test
    void keepsABoundedNumberOfThingsOfAVehicle() throws MalformedMessageException {
        Car car = car("car-1").declares().isDenied(1);
        car.tells();
        database.write(tx -> {
            for (int i = 0; i < ViewsIntake.MOST; i++) {
                tx.auditViews()
                        .declare(
                                "car-1",
                                new AuditViewsTable.Declared("com.acme.a" + i, "1", i, new byte[0], new byte[0]));
            }
            return true;
        });
        car.uses(1).tells();
        assertEquals(1L, incidents.counts().get("audit-views-too-many"));
    }

    @Test
    void whatWasToldSurvivesARestart() throws MalformedMessageException {
        Car car = car("car-1").declares().uses(10).isDenied(2);
        car.tells();
        FleetMatrix before = views.fleet();
        database.close();
        database = Database.open(folder.resolve("fleet.db"));
        assertEquals(before, new FleetViews(database).fleet());
    }
}
