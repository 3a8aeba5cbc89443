package dev.bulkhead.security.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.manifest.CapabilityRequest;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoPolicyTest {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private final PolicyDecider decider = new PolicyDecider(VehiclePolicy.demo(), ActuatorFrames.none());

    @Test
    void climateMayControlTheFan() {
        assertInstanceOf(Decision.Allow.class, decide("polar", "com.polar.climate", new AccessRequest.Actuate(FAN)));
    }

    @Test
    void theAdvisorMayAdvise() {
        var advice = new AccessRequest.TransmitCan("can0", 0x3F0, false);
        assertInstanceOf(Decision.Allow.class, decide("verkehr", "com.verkehr.speedadvisor", advice));
        var climate = new AccessRequest.TransmitCan("can0", 0x1A8, false);
        assertInstanceOf(Decision.Deny.class, decide("verkehr", "com.verkehr.speedadvisor", climate));
    }

    @Test
    void theCoachMayWatchButNotTouch() {
        var soc = new AccessRequest.ReadSignal("Vehicle.Powertrain.TractionBattery.StateOfCharge.Current");
        assertInstanceOf(Decision.Allow.class, decide("verdant", "com.verdant.ecocoach", soc));
        assertInstanceOf(
                Decision.Deny.class, decide("verdant", "com.verdant.ecocoach", new AccessRequest.Actuate(FAN)));
    }

    @Test
    void theBrakesAreDeniedByANamedRule() {
        var brakes = new AccessRequest.Actuate("Vehicle.Chassis.Brake.PedalPosition");
        Decision decision = decide("mallory", "com.mallory.brakejack", brakes);
        assertInstanceOf(Decision.Deny.class, decision);
        assertEquals(
                "rule \"no app touches the brakes\"",
                decision.rule().substring(0, decision.rule().indexOf(" (")));
    }

    @Test
    void developerModeIsOff() {
        assertFalse(VehiclePolicy.demo().developerMode());
    }

    @ParameterizedTest
    @CsvSource({"polar, climate", "verkehr, speedadvisor", "verdant, ecocoach", "mallory, hog"})
    void anExampleAppGetsAllItAsksFor(String vendor, String app) throws IOException {
        for (DeclaredGrant grant : declared(vendor, app)) {
            assertFalse(grant.effective().isEmpty(), grant.why());
        }
    }

    @Test
    void theBrakeJackGetsNothingItAsksForAndIsToldByWhichRule() throws IOException {
        for (DeclaredGrant grant : declared("mallory", "brakejack")) {
            assertEquals(List.of(), grant.effective());
            assertTrue(grant.why().startsWith("denied by rule \"no app touches the brakes\""), grant.why());
        }
    }

    private List<DeclaredGrant> declared(String vendor, String app) throws IOException {
        Path file = Path.of("..", "app-sdk", "examples", app, "app.toml");
        Manifest manifest = ManifestParser.parse(Files.readString(file), file.toString());
        List<CapabilityLine> lines =
                manifest.capabilities().stream().map(CapabilityRequest::grant).toList();
        var identity = new AppIdentity(vendor, manifest.app().id().text(), "1.0.0");
        AppGrants grants = decider.grants(identity, lines);
        return lines.stream().map(grants::declared).toList();
    }

    private Decision decide(String vendor, String app, AccessRequest request) {
        List<CapabilityLine> everything = List.of(
                CapabilityLine.parse("signal ** read"),
                CapabilityLine.parse("signal ** actuate"),
                CapabilityLine.parse("can can0 rx 0-7FF"),
                CapabilityLine.parse("can can0 tx 0-7FF"));
        return decider.decide(new AppIdentity(vendor, app, "1.0.0"), everything, request);
    }
}
