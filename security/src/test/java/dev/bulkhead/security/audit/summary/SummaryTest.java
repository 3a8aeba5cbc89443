package dev.bulkhead.security.audit.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.contract.proto.AuditSummary;
import dev.bulkhead.contract.proto.TouchKind;
import dev.bulkhead.security.audit.AuditException;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.TestSigner;
import dev.bulkhead.security.audit.Touch;
import dev.bulkhead.security.audit.TouchTable;
import dev.bulkhead.security.audit.note.Checkpoint;
import dev.bulkhead.security.audit.note.SignedNote;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
    private static final String ORIGIN = "bulkhead/vehicle/V1";
    private static final String BRAKE = "signal Vehicle.Chassis.Brake.PedalPosition actuate";
    private static final int MUTATIONS = 20_000;

    private final TestSigner signer = new TestSigner(1);
    private long now = 1_790_000_000_000L;
    private AuditLog log;

    @BeforeEach
    void open(@TempDir Path folder) {
        log = AuditLog.open(
                folder.resolve("a.db"),
                AuditSettings.of(ORIGIN),
                signer,
                () -> Instant.ofEpochMilli(now),
                () -> Long.MAX_VALUE);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static AuditEntry.Builder app(int number) {
        return AuditEntry.newBuilder()
                .setAppId("com.acme.app" + number)
                .setVersion("1.0.0")
                .setVendor("acme");
    }

    private void declares(int number) {
        log.append(app(number)
                .setDeclared(AuditEntry.Declared.newBuilder()
                        .addRequests(AuditEntry.Declared.Request.newBuilder()
                                .setLine("signal Vehicle.Speed read")
                                .addEffective("signal Vehicle.Speed read")))
                .build());
    }

    private void uses(int number, long count) {
        log.append(app(number)
                .setUsed(AuditEntry.Used.newBuilder()
                        .setAccess("signal Vehicle.Speed read")
                        .setSinceUnixMs(now - 1000)
                        .setCount(count))
                .build());
    }

    private void isDenied(int number) {
        log.append(app(number)
                .setDenied(AuditEntry.Denied.newBuilder()
                        .setAccess(BRAKE)
                        .setRule("no brakes")
                        .setCount(1))
                .build());
    }

    private SummaryPage told(long from) {
        return read(log.checkpoint(), from, page -> {});
    }

    private SummaryPage read(SignedNote note, long from, Consumer<AuditSummary.Builder> bend) {
        Checkpoint head = Checkpoint.parse(note.text());
        try (LogReader reader = log.reader()) {
            var writer = new SummaryWriter(reader, head);
            AuditSummary.Builder page = writer.page(from).toBuilder();
            bend.accept(page);
            byte[] signed = writer.sign(page.build(), signer);
            return new SummaryReader(head, note.bytes(), signer.noteKey(ORIGIN))
                    .read(page.build().toByteArray(), signed);
        }
    }

    private String complaint(Consumer<AuditSummary.Builder> bend) {
        SignedNote note = log.checkpoint();
        return String.valueOf(
                assertThrows(SummaryException.class, () -> read(note, 0, bend)).getMessage());
    }

    private static Map<Touch, Tally> sums(SummaryPage page) {
        Map<Touch, Tally> sums = new HashMap<>();
        page.touches().forEach(sum -> sums.put(sum.touch(), sum.tally()));
        return sums;
    }

    @Test
    void tellsTheViewsOfTheWholeLog() {
        declares(1);
        uses(1, 20);
        uses(1, 30);
        isDenied(2);
        SummaryPage page = told(0);
        assertEquals(page.size(), page.to());
        assertEquals("com.acme.app1", page.declarations().getFirst().entry().getAppId());
        try (LogReader reader = log.reader()) {
            assertEquals(TouchTable.of(reader).touches(), sums(page));
        }
        SummaryPage.Sum denied = page.touches().stream()
                .filter(sum -> sum.touch().kind() == Touch.Kind.DENIED)
                .findFirst()
                .orElseThrow();
        assertEquals(
                true,
                denied.newest().orElseThrow().objection(signer.noteKey(ORIGIN)).isEmpty());
    }

    @Test
    void thenTellsOnlyWhatChanged() {
        declares(1);
        uses(1, 20);
        uses(2, 7);
        long before = told(0).to();
        uses(2, 5);
        SummaryPage page = told(before);
        assertEquals(List.of(), page.declarations());
        assertEquals(1, page.touches().size());
        assertEquals(12, page.touches().getFirst().tally().count(), "a sum over all that is kept");
        assertEquals(List.of(), told(page.to()).touches());
    }

    @Test
    void tellsALotInPagesAndLosesNothing() {
        for (int i = 0; i < 1500; i++) {
            isDenied(i);
            uses(i, i + 1);
        }
        Map<Touch, Tally> sums = new HashMap<>();
        long from = 0;
        int pages = 0;
        while (from < log.size()) {
            SummaryPage page = told(from);
            sums.putAll(sums(page));
            from = page.to();
            pages++;
        }
        assertTrue(pages >= 3, pages + " pages");
        try (LogReader reader = log.reader()) {
            assertEquals(TouchTable.of(reader).touches(), sums);
        }
    }

    @Test
    void beginsAnewWhenTheFleetKnowsMoreThanThereIs() {
        uses(1, 20);
        assertEquals(0, told(99).from());
        assertEquals(1, told(99).touches().size());
    }

    @Test
    void aSumMayShrinkOnlyWithWhatWasDropped() {
        for (int i = 0; i < 300; i++) {
            uses(1, 1);
            now += 3_600_000;
        }
        assertEquals(0, told(0).firstRetained());
        log.dropBefore(256, "test");
        SummaryPage page = told(0);
        assertEquals(256, page.firstRetained());
        assertEquals(44, page.touches().getFirst().tally().count());
    }

    @Test
    void refusesADenialThatTheLogDoesNotHave() {
        isDenied(1);
        String why = complaint(page -> {
            var newest = page.getTouchesBuilder(0).getNewestBuilder();
            newest.setEntry(app(7).setDenied(AuditEntry.Denied.newBuilder().setAccess(BRAKE))
                    .build()
                    .toByteString());
        });
        assertTrue(why.contains("is not in the log"), why);
    }

    @Test
    void refusesADenialSaidOfAnotherApp() {
        isDenied(1);
        String why = complaint(page -> page.getTouchesBuilder(0).setAppId("com.acme.scapegoat"));
        assertTrue(why.contains("says something else"), why);
    }

    @Test
    void refusesToCountLessThanASingleEntryDoes() {
        isDenied(1);
        log.append(app(1).setDenied(AuditEntry.Denied.newBuilder()
                        .setAccess(BRAKE)
                        .setRule("no brakes")
                        .setCount(500))
                .build());
        String why = complaint(page -> page.getTouchesBuilder(0).setCount(3));
        assertTrue(why.contains("alone counts more than the 3"), why);
    }

    @Test
    void refusesADenialWithoutItsEntry() {
        isDenied(1);
        assertTrue(complaint(page -> page.getTouchesBuilder(0).clearNewest()).contains("no entry is shown"));
        assertTrue(complaint(page -> page.getTouchesBuilder(0).setKind(TouchKind.TOUCH_KIND_UNSPECIFIED))
                .contains("not known"));
    }

    @Test
    void refusesADeclarationThatWasNeverMade() {
        declares(1);
        String why = complaint(page -> page.getDeclarationsBuilder(0)
                .setEntry(app(1).setDeclared(AuditEntry.Declared.getDefaultInstance())
                        .build()
                        .toByteString()));
        assertTrue(why.contains("is not in the log"), why);
        isDenied(1);
        why = complaint(page -> {
            var denied = page.getTouches(0).getNewest();
            page.setDeclarations(0, denied);
        });
        assertTrue(why.contains("declares nothing"), why);
    }

    @Test
    void refusesWhatLiesOutsideItsBounds() {
        uses(1, 1);
        assertTrue(complaint(page -> page.setFrom(5)).contains("says something of"));
        assertTrue(complaint(page -> page.setTo(0)).contains("lies outside"));
        assertTrue(complaint(page -> page.setTreeSize(7)).contains("is of 7 entries"));
        assertTrue(complaint(page -> page.setFirstRetained(-1)).contains("is kept"));
        assertTrue(complaint(page -> page.getTouchesBuilder(0).setCount(-1)).contains("without a count"));
        assertTrue(complaint(page -> page.getTouchesBuilder(0).setFirstIndex(9)).contains("whose first entry"));
        assertTrue(complaint(page -> page.getTouchesBuilder(0).setPeakPerSecond(Double.NaN))
                .contains("peak"));
        assertTrue(complaint(page -> page.getTouchesBuilder(0).setRule("x".repeat(5000)))
                .contains("5000 characters"));
        assertTrue(complaint(page -> {
                    var touch = page.getTouches(0);
                    for (int i = 0; i < 1100; i++) {
                        page.addTouches(touch);
                    }
                })
                .contains("at most 1024"));
    }

    @Test
    void refusesAPageThatWasNotSignedForThisHead() {
        uses(1, 1);
        SignedNote old = log.checkpoint();
        uses(1, 1);
        SignedNote note = log.checkpoint();
        Checkpoint head = Checkpoint.parse(note.text());
        try (LogReader reader = log.reader()) {
            var writer = new SummaryWriter(reader, Checkpoint.parse(old.text()));
            AuditSummary page = writer.page(0);
            byte[] signature = writer.sign(page, signer);
            var fleet = new SummaryReader(head, note.bytes(), signer.noteKey(ORIGIN));
            String why =
                    String.valueOf(assertThrows(SummaryException.class, () -> fleet.read(page.toByteArray(), signature))
                            .getMessage());
            assertTrue(why.contains("another head"), why);
            byte[] stranger = writer.sign(page, new TestSigner(2));
            assertThrows(SummaryException.class, () -> fleet.read(page.toByteArray(), stranger));
            assertThrows(SummaryException.class, () -> fleet.read(page.toByteArray(), note.bytes()));
            assertThrows(SummaryException.class, () -> fleet.read(new byte[600_000], signature));
        }
    }

    @Test
    void onlyAuditExceptionsComeOutOfMutatedPages() {
        declares(1);
        isDenied(1);
        uses(1, 3);
        SignedNote note = log.checkpoint();
        Checkpoint head = Checkpoint.parse(note.text());
        byte[] good;
        try (LogReader reader = log.reader()) {
            good = new SummaryWriter(reader, head).page(0).toByteArray();
        }
        var random = new Random(17);
        var fleet = new SummaryReader(head, note.bytes(), signer.noteKey(ORIGIN));
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(5) == 0 ? random.nextInt(good.length) : good.length);
            for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                fleet.read(bad, signed(bad, head));
            } catch (AuditException e) {
                refused++;
            }
        }
        assertTrue(refused > MUTATIONS / 2, refused + " refused");
    }

    /** Signed anew, so that the mutation gets past the signature. */
    private byte[] signed(byte[] page, Checkpoint head) {
        return SummaryNote.sign(page, head, signer).bytes();
    }

    @Test
    void aPageAsLargeAsItsEntriesAllowStaysBelowTheLimit() {
        String why = "w".repeat(60_000);
        for (int i = 0; i < 12; i++) {
            log.append(app(i).setDenied(AuditEntry.Denied.newBuilder()
                            .setAccess(BRAKE)
                            .setRule("r")
                            .setWhy(why)
                            .setCount(1))
                    .build());
        }
        long from = 0;
        int seen = 0;
        while (from < log.size()) {
            SummaryPage page = told(from);
            seen += page.touches().size();
            from = page.to();
        }
        assertEquals(12, seen);
    }
}
