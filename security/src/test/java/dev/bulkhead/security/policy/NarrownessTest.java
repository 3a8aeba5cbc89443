package dev.bulkhead.security.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.CanTransmit;
import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.contract.capability.SignalRead;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random manifests, ceilings and policies: what is granted is never wider than any of the three. */
class NarrownessTest {
    private static final List<String> GLOBS =
            List.of("A.B", "A.C", "A.*", "A.**", "**", "*.B", "B.**", "A.B.C", "**.C");
    private static final List<String> PATHS = List.of("A.B", "A.C", "B.C", "A.B.C", "C");
    private static final AppIdentity APP = new AppIdentity("v", "x.y.z", "1");

    @Test
    void effectiveIsNeverWiderThanAnyOfTheThreeAndADenyAlwaysWins() {
        int allowed = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            var random = new Random(seed);
            List<CapabilityLine> manifest = lines(random);
            List<CapabilityLine> ceiling = lines(random);
            List<CapabilityLine> rules = lines(random);
            AccessRequest request = request(random);
            Decision decision = decider(ceiling, rules).decide(APP, manifest, request);
            if (decision instanceof Decision.Allow allow) {
                allowed++;
                for (List<CapabilityLine> layer : List.of(manifest, ceiling, rules)) {
                    String what = "seed " + seed + ": " + allow.effective() + " of " + layer;
                    assertTrue(layer.stream().noneMatch(l -> l.deny() && hits(l, request)), what);
                    assertTrue(layer.stream().anyMatch(l -> !l.deny() && within(allow.effective(), l, request)), what);
                }
            }
        }
        assertTrue(allowed > 500, allowed + " were allowed");
    }

    private static boolean hits(CapabilityLine line, AccessRequest request) {
        return !request.wanted().intersect(line.capability()).isEmpty();
    }

    /** Compares limit by limit, without the algebra that is under test. */
    private static boolean within(Capability effective, CapabilityLine line, AccessRequest request) {
        if (effective instanceof SignalRead a && line.capability() instanceof SignalRead b) {
            return b.signals().matches(a.signals().text()) && lower(a.rateHz(), b.rateHz());
        }
        if (effective instanceof SignalActuate a && line.capability() instanceof SignalActuate b) {
            boolean range = b.range().isEmpty()
                    || a.range()
                            .filter(r -> b.range().get().contains(r.low())
                                    && b.range().get().contains(r.high()))
                            .isPresent();
            boolean priority = b.priority().isEmpty()
                    || (a.priority().isPresent()
                            && a.priority().getAsInt() <= b.priority().getAsInt());
            return b.signals().matches(a.signals().text())
                    && range
                    && priority
                    && lower(a.rateHz(), b.rateHz())
                    && lower(a.slewPerSecond(), b.slewPerSecond());
        }
        if (effective instanceof CanTransmit a
                && line.capability() instanceof CanTransmit b
                && request instanceof AccessRequest.TransmitCan transmit) {
            return b.access().ids().contains(transmit.id(), false)
                    && a.access().ids().isExact()
                    && (b.access().fd() || !a.access().fd())
                    && lower(a.access().rateFps(), b.access().rateFps());
        }
        return false;
    }

    private static boolean lower(OptionalDouble effective, OptionalDouble limit) {
        return limit.isEmpty() || (effective.isPresent() && effective.getAsDouble() <= limit.getAsDouble());
    }

    private static AccessRequest request(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new AccessRequest.ReadSignal(pick(PATHS, random));
            case 1 -> new AccessRequest.Actuate(pick(PATHS, random));
            default -> new AccessRequest.TransmitCan("can0", random.nextInt(16), false);
        };
    }

    private static List<CapabilityLine> lines(Random random) {
        List<CapabilityLine> lines = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            boolean deny = random.nextInt(10) == 0;
            lines.add(CapabilityLine.parse((deny ? "deny " : "") + line(random, deny)));
        }
        return lines;
    }

    private static String line(Random random, boolean deny) {
        return switch (random.nextInt(3)) {
            case 0 -> "signal " + pick(GLOBS, random) + " read" + limit(deny, random, " rate<=", "Hz");
            case 1 ->
                "signal " + pick(GLOBS, random) + " actuate" + range(deny, random)
                        + limit(deny, random, " slew<=", "/s") + limit(deny, random, " rate<=", "Hz")
                        + limit(deny, random, " priority=", "");
            default -> {
                int from = random.nextInt(16);
                String ids = Integer.toHexString(from) + "-" + Integer.toHexString(from + random.nextInt(8));
                String fd = !deny && random.nextBoolean() ? " fd" : "";
                yield "can can0 tx " + ids + fd + limit(deny, random, " rate<=", "fps");
            }
        };
    }

    private static String limit(boolean deny, Random random, String name, String unit) {
        return deny || random.nextBoolean() ? "" : name + (1 + random.nextInt(50)) + unit;
    }

    private static String range(boolean deny, Random random) {
        int low = random.nextInt(20);
        return deny || random.nextBoolean() ? "" : " range=" + low + ".." + (low + random.nextInt(20));
    }

    private static PolicyDecider decider(List<CapabilityLine> ceiling, List<CapabilityLine> rules) {
        var vendor = new VendorCeiling("v", "x.y", ceiling, "p:1");
        List<PolicyRule> named = new ArrayList<>();
        for (CapabilityLine line : rules) {
            named.add(new PolicyRule("r" + named.size(), new AppPattern("*"), line, false, "p:2"));
        }
        return new PolicyDecider(new VehiclePolicy("p", 1, false, List.of(vendor), named), ActuatorFrames.none());
    }

    private static String pick(List<String> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
