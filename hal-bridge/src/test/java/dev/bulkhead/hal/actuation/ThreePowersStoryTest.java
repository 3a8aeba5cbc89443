package dev.bulkhead.hal.actuation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.CapabilityParser;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.ManualTime;
import dev.bulkhead.security.policy.AccessRequest;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.AppIdentity;
import dev.bulkhead.security.policy.Decision;
import dev.bulkhead.security.policy.PolicyDecider;
import dev.bulkhead.security.policy.VehiclePolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One policy file, three apps, one fan. */
class ThreePowersStoryTest {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String POLICY = """
            [policy]
            name = "three powers"
            epoch = 1
            developer-mode = false

            [[vendor]]
            name = "acme"
            prefix = "com.acme"
            ceiling = ["signal Vehicle.Cabin.** actuate"]

            [[rule]]
            name = "comfort may blow gently"
            app = "com.acme.comfort"
            lines = ["signal Vehicle.Cabin.HVAC.** actuate range=0..60 slew<=10/s lease<=2000ms priority=20 failsafe=20"]

            [[rule]]
            name = "defrost may blow hard"
            app = "com.acme.defrost"
            lines = ["signal Vehicle.Cabin.HVAC.** actuate range=0..100 lease<=1000ms priority=80 failsafe=30"]

            [[rule]]
            name = "battery saver only when parked"
            app = "com.acme.saver"
            lines = ['signal Vehicle.Cabin.HVAC.** actuate range=0..10 priority=90 failsafe=release when "Vehicle.Speed == 0"']
            """;

    private final ManualTime time = new ManualTime();
    private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
    private final SignalLeaf fan = store.tree().find(FAN).orElseThrow();
    private final List<String> story = new ArrayList<>();
    private final ActuatorBoard board = new ActuatorBoard(store, time, time, (ActuationRecord event) -> {});
    private final PolicyDecider policy =
            new PolicyDecider(VehiclePolicy.parse(POLICY, "story.toml"), ActuatorFrames.none());

    ThreePowersStoryTest() {
        board.attach(fan, new ActuatorSink() {
            @Override
            public boolean ready(SignalLeaf actuator) {
                return true;
            }

            @Override
            public boolean apply(SignalLeaf actuator, SignalValue value) {
                return story.add("fan goes to " + value);
            }

            @Override
            public void release(SignalLeaf actuator) {
                story.add("fan is the vehicle's again");
            }
        });
        store.publish(fan.id(), 20L, time.nanos());
    }

    /** As the app host does it: manifest ∩ ceiling ∩ policy, then a claim under what is left. */
    private ActuatorClaim app(String name) {
        String id = "com.acme." + name;
        List<CapabilityLine> manifest = List.of(CapabilityParser.parse("signal " + FAN + " actuate"));
        Decision decision =
                policy.decide(new AppIdentity("acme", id, "1.0.0"), manifest, new AccessRequest.Actuate(FAN));
        SignalActuate grant = (SignalActuate) ((Decision.Allow) decision).effective();
        return board.claim(
                fan, new ActuatorOwner(id, 1), grant, (actuator, cause) -> story.add(name + " loses it: " + cause));
    }

    private void tell(String what, ActuationOutcome outcome) {
        story.add(what + ": " + outcome);
    }

    @Test
    void threeAppsShareAFan() {
        store.publish(store.tree().find("Vehicle.Speed").orElseThrow().id(), 50.0, time.nanos());
        ActuatorClaim comfort = app("comfort");
        ActuatorClaim defrost = app("defrost");
        ActuatorClaim saver = app("saver");
        tell("comfort takes the fan", comfort.acquire(20, 2_000_000_000L));
        tell("comfort wants 25", comfort.set(25L));
        time.advanceMillis(1_000);
        tell("comfort wants 60 at once", comfort.set(60L));
        tell("comfort wants 70", comfort.set(70L));
        tell("saver wants it while driving", saver.acquire(90, 2_000_000_000L));
        tell("defrost takes over", defrost.acquire(80, 1_000_000_000L));
        tell("comfort still tries", comfort.set(30L));
        tell("defrost wants 100", defrost.set(100L));
        time.advanceMillis(1_500);
        tell("defrost comes too late", defrost.set(90L));
        tell("comfort asks above its priority", comfort.acquire(21, 1_000_000_000L));
        store.publish(store.tree().find("Vehicle.Speed").orElseThrow().id(), 0.0, time.nanos());
        tell("saver takes it, parked", saver.acquire(90, 60_000_000_000L));
        tell("saver wants 5", saver.set(5L));
        store.publish(store.tree().find("Vehicle.Speed").orElseThrow().id(), 3.0, time.nanos());
        time.advanceMillis(1);
        assertEquals(
                List.of(
                        "comfort takes the fan: OK",
                        "fan goes to 20",
                        "comfort wants 25: CLAMPED",
                        "fan goes to 30",
                        "comfort wants 60 at once: CLAMPED",
                        "comfort wants 70: RANGE",
                        "saver wants it while driving: COND",
                        "comfort loses it: taken over by a higher priority",
                        "defrost takes over: OK",
                        "comfort still tries: BUSY",
                        "fan goes to 100",
                        "defrost wants 100: OK",
                        "fan goes to 30",
                        "defrost loses it: lease expired",
                        "defrost comes too late: LEASE",
                        "comfort asks above its priority: PERM",
                        "saver takes it, parked: OK",
                        "fan goes to 5",
                        "saver wants 5: OK",
                        "fan is the vehicle's again",
                        "saver loses it: condition no longer holds"),
                story);
    }
}
