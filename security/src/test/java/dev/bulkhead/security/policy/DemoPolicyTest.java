package dev.bulkhead.security.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.bulkhead.contract.capability.CapabilityLine;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    private Decision decide(String vendor, String app, AccessRequest request) {
        List<CapabilityLine> everything = List.of(
                CapabilityLine.parse("signal ** read"),
                CapabilityLine.parse("signal ** actuate"),
                CapabilityLine.parse("can can0 rx 0-7FF"),
                CapabilityLine.parse("can can0 tx 0-7FF"));
        return decider.decide(new AppIdentity(vendor, app, "1.0.0"), everything, request);
    }
}
