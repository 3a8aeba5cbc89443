package dev.bulkhead.security.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import dev.bulkhead.contract.capability.ValueRange;
import dev.bulkhead.contract.capability.Wasi;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyDeciderTest {
    private static final AppIdentity APP = new AppIdentity("acme", "com.acme.app", "1.0.0");
    private static final AccessRequest SPEED = new AccessRequest.ReadSignal("Vehicle.Speed");
    private static final AccessRequest FAN = new AccessRequest.Actuate("Vehicle.Fan");

    @Test
    void allowsWhatAllThreeGiveUnderTheNarrowestLimit() {
        var allow = allow(decide(
                List.of("signal Vehicle.** read rate<=50Hz"),
                List.of("signal Vehicle.Speed read"),
                List.of("signal * read", "signal Vehicle.* read rate<=20Hz"),
                SPEED));
        var read = assertInstanceOf(SignalRead.class, allow.effective());
        assertEquals("signal Vehicle.Speed read rate<=20Hz", read.toString());
        assertEquals(OptionalDouble.of(20), read.rateHz());
        assertTrue(allow.rule().contains("rule \"r1\" (test.toml:"), allow.rule());
    }

    @Test
    void deniesWhatTheManifestDoesNotAskFor() {
        var deny = deny(decide(List.of("wasi stdio"), List.of("signal ** read"), List.of("signal ** read"), SPEED));
        assertEquals("manifest", deny.rule());
        assertTrue(deny.why().contains("not requested in the manifest"), deny.why());
    }

    @Test
    void deniesWhatTheCeilingDoesNotAllow() {
        var deny = deny(decide(List.of("signal ** read"), List.of("wasi stdio"), List.of("signal ** read"), SPEED));
        assertTrue(deny.why().contains("outside the ceiling of vendor acme (test.toml:4)"), deny.why());
    }

    @Test
    void deniesWhatNoRuleGrants() {
        var deny = deny(decide(List.of("signal ** read"), List.of("signal ** read"), List.of("wasi stdio"), SPEED));
        assertTrue(deny.why().startsWith("nothing grants it"), deny.why());
    }

    @Test
    void aDenyWinsOverAnyGrant() {
        var deny = deny(decide(
                List.of("signal ** read"),
                List.of("signal ** read"),
                List.of("signal Vehicle.Speed read", "deny signal Vehicle.** read"),
                SPEED));
        assertTrue(deny.rule().startsWith("rule \"r1\""), deny.rule());
        assertTrue(deny.why().contains("deny signal Vehicle.** read"), deny.why());
        assertTrue(deny(decide(
                        List.of("signal ** read", "deny signal ** read"),
                        List.of("signal ** read"),
                        List.of("signal ** read"),
                        SPEED))
                .why()
                .contains("denies it to itself"));
        assertTrue(deny(decide(
                        List.of("signal ** read"),
                        List.of("signal ** read", "deny signal *.Speed read"),
                        List.of("signal ** read"),
                        SPEED))
                .rule()
                .startsWith("ceiling of vendor acme"));
    }

    @Test
    void aDenialOfReadingIsNoneOfActuating() {
        allow(decide(
                List.of("signal ** actuate"),
                List.of("signal ** actuate"),
                List.of("signal ** actuate", "deny signal ** read"),
                FAN));
    }

    @Test
    void narrowsAnActuationContract() {
        var allow = allow(decide(
                List.of("signal Vehicle.Fan actuate range=0..90 slew<=50/s lease<=5000ms failsafe=10"),
                List.of("signal ** actuate range=10..100 rate<=5Hz priority=40"),
                List.of("signal Vehicle.Fan actuate range=-5..80 priority=60 lease<=9000ms when \"Vehicle.Speed < 5\""),
                FAN));
        var actuate = assertInstanceOf(SignalActuate.class, allow.effective());
        assertEquals(Optional.of(new ValueRange(10, 80)), actuate.range());
        assertEquals(40, actuate.priority().orElseThrow());
        assertEquals(5000, actuate.leaseMillis().orElseThrow());
        assertEquals(OptionalDouble.of(5), actuate.rateHz());
        assertTrue(actuate.when().isPresent());
    }

    @Test
    void deniesRangesWithNothingInCommon() {
        var deny = deny(decide(
                List.of("signal ** actuate range=0..10"),
                List.of("signal ** actuate"),
                List.of("signal ** actuate range=20..30"),
                FAN));
        assertTrue(deny.why().contains("nothing in common"), deny.why());
    }

    @Test
    void theAppsOwnFailsafeMustLieWithinItsRange() {
        var deny = deny(decide(
                List.of("signal ** actuate failsafe=50"),
                List.of("signal ** actuate"),
                List.of("signal ** actuate range=0..30"),
                FAN));
        assertTrue(deny.why().contains("nothing in common"), deny.why());
        allow(decide(
                List.of("signal ** actuate failsafe=50"),
                List.of("signal ** actuate"),
                List.of("signal ** actuate range=0..30 failsafe=50"),
                FAN));
    }

    @Test
    void theLineThatNamesItMostExactlyCounts() {
        var allow = allow(decide(
                List.of("signal ** read"),
                List.of("signal ** read"),
                List.of(
                        "signal ** read rate<=1Hz",
                        "signal Vehicle.Speed read rate<=10Hz",
                        "signal Vehicle.* read rate<=2Hz"),
                SPEED));
        assertEquals("signal Vehicle.Speed read rate<=10Hz", allow.effective().toString());
    }

    @Test
    void deniesAVendorThatIsNotInThePolicy() {
        var stranger = new AppIdentity("nobody", "com.acme.app", "1");
        var deny = deny(decider(List.of("signal ** read"), List.of("signal ** read"))
                .decide(stranger, lines(List.of("signal ** read")), SPEED));
        assertTrue(deny.why().contains("vendor nobody is not in vehicle policy \"test\" (epoch 7)"), deny.why());
    }

    @Test
    void deniesAnAppBelowAnothersPrefix() {
        var squatter = new AppIdentity("acme", "com.acmeevil.app", "1");
        var deny = deny(decider(List.of("signal ** read"), List.of("signal ** read"))
                .decide(squatter, lines(List.of("signal ** read")), SPEED));
        assertTrue(deny.why().contains("not below the prefix com.acme"), deny.why());
    }

    @Test
    void aRuleForOneAppIsNoneForAnother() {
        var toml = """
                [policy]
                name = "t"
                epoch = 1
                [[vendor]]
                name = "acme"
                prefix = "com.acme"
                ceiling = "signal ** read"
                [[rule]]
                name = "r"
                app = "com.acme.other"
                lines = "signal ** read"
                """;
        var decider = new PolicyDecider(VehiclePolicy.parse(toml, "t"), ActuatorFrames.none());
        assertTrue(deny(decider.decide(APP, lines(List.of("signal ** read")), SPEED))
                .why()
                .contains("nothing grants"));
    }

    @Test
    void diagnosticIdsMustBeNamedExactly() {
        var request = new AccessRequest.TransmitCan("can0", 0x7E0, false);
        List<String> wide = List.of("can can0 tx 0-7FF");
        List<String> exact = List.of("can can0 tx 7E0");
        assertEquals(
                "guard diagnostic-ids", deny(decide(wide, wide, wide, request)).rule());
        assertEquals(
                "guard diagnostic-ids", deny(decide(exact, wide, wide, request)).rule());
        assertEquals(
                "guard diagnostic-ids", deny(decide(wide, wide, exact, request)).rule());
        allow(decide(exact, wide, exact, request));
        var extended = new AccessRequest.ReceiveCan("can0", 0x18DAF110, true);
        List<String> all = List.of("can can0 rx 0-1FFFFFFFx");
        assertEquals(
                "guard diagnostic-ids", deny(decide(all, all, all, extended)).rule());
        allow(decide(all, all, all, new AccessRequest.ReceiveCan("can0", 0x18DBF110, true)));
    }

    @Test
    void rawFramesThatCarryAnActuatorNeedTheirOwnGrant() {
        var request = new AccessRequest.TransmitCan("can0", 0x1A8, false);
        ActuatorFrames frames = (bus, id, extended) -> bus.equals("can0") && id == 0x1A8 && !extended;
        List<String> line = List.of("can can0 tx 1A8");
        var plain = new PolicyDecider(policy(line, line, ""), frames);
        assertEquals(
                "guard actuator-frames",
                deny(plain.decide(APP, lines(line), request)).rule());
        var own = new PolicyDecider(policy(line, line, "own-grant = true\n"), frames);
        allow(own.decide(APP, lines(line), request));
        List<String> range = List.of("can can0 tx 100-1FF");
        var wide = new PolicyDecider(policy(range, range, "own-grant = true\n"), frames);
        assertEquals(
                "guard actuator-frames",
                deny(wide.decide(APP, lines(line), request)).rule());
    }

    @Test
    void canGrantsKeepFdAndLengths() {
        List<String> line = List.of("can can0 tx 100-1FF fd dlc=12..64 rate<=9fps");
        var allow = allow(decide(line, line, line, new AccessRequest.TransmitCan("can0", 0x123, false)));
        var transmit = assertInstanceOf(CanTransmit.class, allow.effective());
        assertTrue(transmit.access().fd());
        assertTrue(transmit.access().lengths().orElseThrow().contains(64));
        assertTrue(transmit.access().ids().isExact());
        assertEquals("can can0 tx 123", new AccessRequest.TransmitCan("can0", 0x123, false).line());
    }

    @Test
    void aFilterMustBeGrantedAsAWhole() {
        List<String> line = List.of("message climate/# subscribe");
        allow(decide(line, line, line, new AccessRequest.Subscribe("climate/+/state")));
        deny(decide(line, line, line, new AccessRequest.Subscribe("#")));
        deny(decide(line, line, line, new AccessRequest.Publish("climate/a")));
    }

    @Test
    void storageIsTheLeastOfTheThree() {
        var allow = allow(decide(
                List.of("storage 1MiB"),
                List.of("storage 64KiB"),
                List.of("storage 2MiB"),
                new AccessRequest.UseStorage()));
        assertEquals("storage 64KiB", allow.effective().toString());
    }

    @Test
    void wasiIsGrantedPartByPart() {
        List<String> line = List.of("wasi clocks");
        allow(decide(line, line, line, new AccessRequest.UseWasi(Wasi.Part.CLOCKS)));
        deny(decide(line, line, line, new AccessRequest.UseWasi(Wasi.Part.SCRATCH)));
    }

    @Test
    void anyModelIsNarrowedToTheOneAskedFor() {
        String digest = "sha256:" + "ab".repeat(32);
        List<String> any = List.of("infer any");
        assertEquals(
                "infer " + digest,
                allow(decide(any, any, any, new AccessRequest.RunModel(digest)))
                        .effective()
                        .toString());
        deny(decide(any, List.of("infer sha256:" + "cd".repeat(32)), any, new AccessRequest.RunModel(digest)));
    }

    @Test
    void requestsThatNoLineCouldHoldAreErrorsNotDenials() {
        assertThrows(IllegalArgumentException.class, () -> new AccessRequest.ReadSignal("Vehicle.**"));
        assertThrows(IllegalArgumentException.class, () -> new AccessRequest.ReadSignal("a b"));
        assertThrows(IllegalArgumentException.class, () -> new AccessRequest.Publish("a/#"));
        assertThrows(IllegalArgumentException.class, () -> new AccessRequest.TransmitCan("can0", 0x800, false));
    }

    @Test
    void refusesAManifestWithTooManyLines() {
        List<CapabilityLine> many = Stream.generate(() -> CapabilityLine.parse("wasi stdio"))
                .limit(AppGrants.MAX_REQUESTS + 1L)
                .toList();
        PolicyDecider decider = decider(List.of(), List.of());
        assertThrows(IllegalArgumentException.class, () -> decider.grants(APP, many));
    }

    @Test
    void saysForEachRequestWhatIsLeftOfIt() {
        AppGrants grants = decider(List.of("signal Vehicle.** read"), List.of("signal Vehicle.Cabin.* read rate<=5Hz"))
                .grants(APP, lines(List.of("signal ** read", "can can0 tx 1")));
        DeclaredGrant wide = grants.declared(CapabilityLine.parse("signal ** read"));
        assertEquals(
                List.of("signal Vehicle.Cabin.* read rate<=5Hz"),
                wide.effective().stream().map(Object::toString).toList());
        assertTrue(wide.rule().startsWith("rule \"r0\""));
        DeclaredGrant outside = grants.declared(CapabilityLine.parse("can can0 tx 1"));
        assertEquals(List.of(), outside.effective());
        assertTrue(outside.why().contains("outside the ceiling"), outside.why());
    }

    @Test
    void saysOfARequestThatIsDeniedAsAWholeWhichRuleDeniesIt() {
        AppGrants grants = decider(List.of("signal ** actuate"), List.of("deny signal Vehicle.Brake.** actuate"))
                .grants(APP, List.of());
        DeclaredGrant brakes = grants.declared(CapabilityLine.parse("signal Vehicle.Brake.Pedal actuate range=0..9"));
        assertEquals(List.of(), brakes.effective());
        assertTrue(brakes.why().startsWith("denied by rule \"r0\""), brakes.why());
    }

    @Test
    void saysOfARequestThatIsDeniedInPartThatItIs() {
        AppGrants grants = decider(
                        List.of("signal ** read"), List.of("signal ** read", "deny signal Vehicle.Driver.** read"))
                .grants(APP, List.of());
        DeclaredGrant most = grants.declared(CapabilityLine.parse("signal Vehicle.** read"));
        assertEquals(1, most.effective().size());
        assertTrue(most.why().contains("less what is denied by rule \"r1\""), most.why());
    }

    private static Decision decide(
            List<String> manifest, List<String> ceiling, List<String> rules, AccessRequest request) {
        return decider(ceiling, rules).decide(APP, lines(manifest), request);
    }

    private static PolicyDecider decider(List<String> ceiling, List<String> rules) {
        return new PolicyDecider(policy(ceiling, rules, ""), ActuatorFrames.none());
    }

    private static VehiclePolicy policy(List<String> ceiling, List<String> rules, String more) {
        var toml = new StringBuilder("[policy]\nname = \"test\"\nepoch = 7\n[[vendor]]\nname = \"acme\"\n");
        toml.append("prefix = \"com.acme\"\nceiling = [")
                .append(quoted(ceiling))
                .append("]\n");
        for (int i = 0; i < rules.size(); i++) {
            toml.append("[[rule]]\nname = \"r").append(i).append("\"\napp = \"com.acme.*\"\nlines = [");
            toml.append(quoted(List.of(rules.get(i)))).append("]\n").append(more);
        }
        return VehiclePolicy.parse(toml.toString(), "test.toml");
    }

    private static String quoted(List<String> lines) {
        return String.join(
                ", ",
                lines.stream().map(l -> "\"" + l.replace("\"", "\\\"") + "\"").toList());
    }

    private static List<CapabilityLine> lines(List<String> texts) {
        return texts.stream().map(CapabilityLine::parse).toList();
    }

    private static Decision.Allow allow(Decision decision) {
        return assertInstanceOf(Decision.Allow.class, decision, decision.why());
    }

    private static Decision.Deny deny(Decision decision) {
        return assertInstanceOf(Decision.Deny.class, decision, decision.why());
    }
}
