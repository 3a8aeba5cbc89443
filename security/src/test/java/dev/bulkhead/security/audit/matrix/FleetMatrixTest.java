package dev.bulkhead.security.audit.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.security.audit.TouchTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FleetMatrixTest {
    private static final String SPEED = "signal Vehicle.Speed read";
    private static final String FAN = "signal Vehicle.Cabin.HVAC.FanSpeed actuate";
    private static final String BRAKE = "signal Vehicle.Chassis.Brake.PedalPosition actuate";

    private final FleetMatrix fleet = FleetMatrix.of(new TreeMap<>(Map.of(
            "car-1", car(true, used(SPEED, 10)),
            "car-2", car(true, used(SPEED, 5), denied(BRAKE, 2)),
            "car-3", car(false, used(SPEED, 1), denied(BRAKE, 40), denied(FAN, 3)))));

    private static AuditMatrix car(boolean fanGranted, AuditEntry... entries) {
        var adder = new TouchTable.Adder();
        adder.add(0, declared(fanGranted));
        for (int i = 0; i < entries.length; i++) {
            adder.add(i + 1, entries[i]);
        }
        return AuditMatrix.of(adder.table("car"));
    }

    private static AuditEntry.Builder app() {
        return AuditEntry.newBuilder()
                .setUnixMs(1_790_000_000_000L)
                .setAppId("com.acme.climate")
                .setVersion("1.0.0")
                .setVendor("acme");
    }

    private static AuditEntry declared(boolean fanGranted) {
        AuditEntry.Declared.Builder declared = AuditEntry.Declared.newBuilder().addUndeclaredImports("hal.can_send");
        declared.addRequestsBuilder().setLine(SPEED).addEffective(SPEED);
        var fan = declared.addRequestsBuilder().setLine(FAN);
        if (fanGranted) {
            fan.addEffective(FAN);
        }
        return app().setDeclared(declared).build();
    }

    private static AuditEntry used(String access, long count) {
        return app().setUsed(AuditEntry.Used.newBuilder()
                        .setAccess(access)
                        .setSinceUnixMs(1_789_999_999_000L)
                        .setCount(count))
                .build();
    }

    private static AuditEntry denied(String access, long count) {
        return app().setDenied(AuditEntry.Denied.newBuilder()
                        .setAccess(access)
                        .setRule("no")
                        .setCount(count))
                .build();
    }

    private FleetRow row(String capability) {
        return fleet.rows().stream()
                .filter(row -> row.sum().capability().equals(capability))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void addsUpWhatTheVehiclesSay() {
        assertEquals(3, fleet.vehicles());
        assertEquals(9, fleet.entries());
        assertEquals(16, row(SPEED).sum().used().orElseThrow().count());
        assertEquals(3, row(SPEED).usedOn());
        assertEquals(42, row(BRAKE).sum().denied().orElseThrow().count());
        assertEquals(2, row(BRAKE).deniedOn());
        assertEquals(
                List.of("hal.can_send"),
                fleet.merged().undeclaredImports().getFirst().undeclaredImports());
    }

    @Test
    void namesTheVehiclesWorstFirst() {
        assertEquals(
                List.of("car-3", "car-2"),
                row(BRAKE).vehicles().stream().map(VehicleShare::vehicle).toList());
    }

    @Test
    void isGrantedWhenAnyVehicleGrantsIt() {
        assertEquals(MatrixRow.Declared.GRANTED, row(FAN).sum().declared());
        assertEquals(2, row(FAN).grantedOn());
        assertTrue(row(FAN).sum().isOverPrivileged(), "nobody ever used it");
    }

    @Test
    void answersForOneThingOrOneApp() {
        assertEquals(1, fleet.whoCanTouch("Vehicle.Chassis.**").rows().size());
        assertEquals(0, fleet.ofApps(app -> app.vendor().equals("other")).rows().size());
        assertEquals(3, fleet.ofApps(app -> app.vendor().equals("acme")).rows().size());
    }

    @Test
    void writesJsonAndCsv() throws IOException {
        JsonNode json = new ObjectMapper().readTree(MatrixJson.of(fleet.whoCanTouch("Vehicle.Chassis.**")));
        assertEquals(3, json.get("vehicles").asInt());
        JsonNode vehicles = json.get("rows").get(0).get("vehicles");
        assertEquals(2, vehicles.get("count").asInt());
        assertEquals(40, vehicles.get("shown").get(0).get("denied").asInt());
        List<String> csv = MatrixCsv.of(fleet).lines().toList();
        assertTrue(csv.getFirst().endsWith("near_limit,vehicles,granted_on,used_on,denied_on"), csv.getFirst());
        assertTrue(csv.get(1).endsWith(",3,3,3,0"), csv.get(1));
    }

    @Test
    void anEmptyFleetIsAnEmptyMatrix() {
        FleetMatrix empty = FleetMatrix.of(Map.of());
        assertEquals(0, empty.rows().size());
        assertEquals("0 vehicles", empty.merged().origin());
    }
}
