package dev.bulkhead.security.audit.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.AuditLog;
import dev.bulkhead.security.audit.AuditSettings;
import dev.bulkhead.security.audit.LogReader;
import dev.bulkhead.security.audit.TestSigner;
import dev.bulkhead.security.audit.TouchTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditMatrixTest {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String BRAKE = "signal Vehicle.Chassis.Brake.PedalPosition actuate";

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_790_000_000_000L);
    private final InstantSource time = () -> Instant.ofEpochMilli(now.get());
    private AuditMatrix matrix = new AuditMatrix("", 0, List.of(), List.of());
    private AuditMatrix fromEntries = matrix;

    @BeforeEach
    void fillALog() {
        var adder = new TouchTable.Adder();
        try (AuditLog log = AuditLog.open(
                        folder.resolve("a.db"), AuditSettings.of("v1"), new TestSigner(1), time, () -> Long.MAX_VALUE);
                LogReader reader = log.reader()) {
            log.append(climateDeclared());
            log.append(mallory()
                    .setDeclared(AuditEntry.Declared.newBuilder()
                            .setPolicyEpoch(4)
                            .addImports("hal.actuator_set_f64")
                            .addUndeclaredImports("hal.actuator_set_f64"))
                    .build());
            for (int hour = 0; hour < 5; hour++) {
                now.addAndGet(3_600_000);
                log.append(used("signal Vehicle.Speed read", 19, 1000));
                log.append(used("signal Vehicle.Cabin.HVAC.AmbientAirTemperature read", 5, 1000));
                log.append(set(20 + hour * 15, 0));
                log.append(mallory()
                        .setDenied(AuditEntry.Denied.newBuilder()
                                .setAccess(BRAKE)
                                .setRule("no brakes")
                                .setWhy("because")
                                .setCount(100)
                                .setSinceUnixMs(now.get()))
                        .build());
                log.commit();
            }
            log.append(set(500, -9));
            log.append(climate()
                    .setFailsafeApplied(AuditEntry.FailsafeApplied.newBuilder()
                            .setPath(FAN)
                            .setAction("release")
                            .setWhy("lease expired"))
                    .build());
            log.append(mallory()
                    .setBudgetExceeded(AuditEntry.BudgetExceeded.newBuilder()
                            .setResource("cpu")
                            .setAction("throttled")
                            .setCount(7))
                    .build());
            log.commit();
            matrix = AuditMatrix.of(TouchTable.of(reader));
            reader.visit(0, reader.size(), (index, bytes) -> {
                adder.add(index, LogReader.parse(index, bytes));
                return true;
            });
        }
        fromEntries = AuditMatrix.of(adder.table("v1"));
    }

    @Test
    void theHourlySumsGiveTheSameAsTheEntriesOneByOne() {
        assertEquals(fromEntries, matrix);
    }

    @Test
    void useGoesToTheLineThatCoversIt() {
        MatrixRow cabin = row("signal Vehicle.Cabin.** read");
        assertEquals(25, cabin.used().orElseThrow().count());
        assertEquals(1, cabin.touches().size());
        assertEquals(
                95,
                row("signal Vehicle.Speed read rate<=20Hz").used().orElseThrow().count());
    }

    @Test
    void reportsWhatWasGrantedAndNeverUsed() {
        assertEquals(
                List.of("message climate/# publish"),
                matrix.overPrivileged().stream().map(MatrixRow::capability).toList());
    }

    @Test
    void reportsWhatComesNearALimit() {
        List<String> near = matrix.nearLimit().stream()
                .map(row -> row.capability() + ": " + row.nearLimit().orElseThrow())
                .toList();
        assertEquals(2, near.size(), near.toString());
        assertTrue(near.getFirst().contains("19.0/s at most, 20.0000/s granted"), near.getFirst());
        assertTrue(near.getLast().contains("1 × RANGE"), near.getLast());
    }

    @Test
    void reportsDenialsAndTheirRule() {
        MatrixRow brake = matrix.mostDenied(5).getFirst();
        assertEquals(BRAKE, brake.capability());
        assertEquals(MatrixRow.Declared.NOT_REQUESTED, brake.declared());
        assertEquals(500, brake.denied().orElseThrow().count());
        assertEquals("no brakes", brake.rule());
    }

    @Test
    void reportsUndeclaredImportsAndBudgets() {
        AppView mallory = matrix.undeclaredImports().getFirst();
        assertEquals("com.mallory.brakejack", mallory.app());
        assertEquals(7, mallory.budgets().getFirst().tally().count());
    }

    @Test
    void remembersTheRangeThatWasWritten() {
        MatrixRow fan = row("signal Vehicle.Cabin.HVAC.Station.*.*.FanSpeed actuate range=0..100");
        assertEquals(20, fan.used().orElseThrow().least().orElseThrow());
        assertEquals(80, fan.used().orElseThrow().greatest().orElseThrow());
        assertEquals(1, fan.limited().orElseThrow().count());
        assertEquals(1, fan.failsafes().orElseThrow().count());
    }

    @Test
    void answersWhoCanTouch() {
        assertEquals(
                List.of("com.mallory.brakejack"),
                matrix.whoCanTouch("Vehicle.Chassis.**").stream()
                        .map(MatrixRow::app)
                        .toList());
        assertEquals(1, matrix.whoCanTouch("signal " + FAN + " actuate").size());
        assertEquals(2, matrix.whoCanTouch(FAN).size());
        assertEquals(0, matrix.whoCanTouch("can can0 tx 100").size());
    }

    @Test
    void cutsToATimeInHours() {
        try (LogReader reader = LogReader.open(folder.resolve("a.db"))) {
            long last = now.get();
            AuditMatrix lastHour = AuditMatrix.of(TouchTable.of(reader, last, last));
            assertEquals(
                    100,
                    lastHour.mostDenied(1).getFirst().denied().orElseThrow().count());
        }
    }

    @Test
    void writesJsonThatReadsBack() throws IOException {
        JsonNode json = new ObjectMapper().readTree(MatrixJson.of(matrix));
        assertEquals(matrix.rows().size(), json.get("rows").size());
        assertEquals("v1", json.get("origin").asText());
    }

    @Test
    void writesCsvWithoutFormulas() {
        String csv = MatrixCsv.of(matrix);
        assertTrue(csv.startsWith("app,version,vendor,capability"));
        assertEquals(matrix.rows().size() + 1, csv.lines().count());
        var evil = new MatrixRow(
                "=cmd()",
                "1",
                "v",
                "a,\"b",
                MatrixRow.Declared.GRANTED,
                "",
                List.of(),
                "",
                "",
                List.of(),
                Optional.empty());
        String line = MatrixCsv.of(new AuditMatrix("o", 0, List.of(), List.of(evil)))
                .lines()
                .toList()
                .get(1);
        assertTrue(line.startsWith("'=cmd(),1,v,\"a,\"\"b\",granted"), line);
    }

    @Test
    void thePageHoldsNoMarkupFromTheLog() {
        var evil = new MatrixRow(
                "</script><script>alert(1)</script>",
                "1",
                "v",
                "c",
                MatrixRow.Declared.GRANTED,
                "",
                List.of(),
                "",
                "",
                List.of(),
                Optional.empty());
        String page = MatrixPage.of(new AuditMatrix("o", 0, List.of(), List.of(evil)), "<b>\"now\"</b>", "{}");
        assertFalse(page.contains("<script>alert"));
        assertFalse(page.contains("<b>"));
        assertTrue(page.contains("\\u003c/script"));
        assertFalse(page.contains("@DATA@"));
    }

    private MatrixRow row(String capability) {
        return matrix.rows().stream()
                .filter(row -> row.capability().equals(capability))
                .findFirst()
                .orElseThrow();
    }

    private static AuditEntry.Builder climate() {
        return AuditEntry.newBuilder()
                .setAppId("com.polar.climate")
                .setVersion("1.0.0")
                .setVendor("polar");
    }

    private static AuditEntry.Builder mallory() {
        return AuditEntry.newBuilder()
                .setAppId("com.mallory.brakejack")
                .setVersion("0.1.0")
                .setVendor("mallory");
    }

    private static AuditEntry climateDeclared() {
        return climate()
                .setDeclared(AuditEntry.Declared.newBuilder()
                        .setPolicyEpoch(4)
                        .addRequests(request("signal Vehicle.Cabin.** read"))
                        .addRequests(request("signal Vehicle.Speed read rate<=20Hz"))
                        .addRequests(request("signal Vehicle.Cabin.HVAC.Station.*.*.FanSpeed actuate range=0..100"))
                        .addRequests(request("message climate/# publish")))
                .build();
    }

    private static AuditEntry.Declared.Request request(String line) {
        return AuditEntry.Declared.Request.newBuilder()
                .setLine(line)
                .setReason("needed")
                .addEffective(line)
                .setRule("rule")
                .build();
    }

    private AuditEntry used(String access, long count, long millis) {
        return climate()
                .setUsed(AuditEntry.Used.newBuilder()
                        .setAccess(access)
                        .setCount(count)
                        .setSinceUnixMs(now.get() - millis))
                .build();
    }

    private static AuditEntry set(double value, int status) {
        return climate()
                .setActuated(AuditEntry.Actuated.newBuilder()
                        .setPath(FAN)
                        .setOperation(AuditEntry.Actuated.Operation.SET)
                        .setNumber(value)
                        .setStatus(status))
                .build();
    }
}
