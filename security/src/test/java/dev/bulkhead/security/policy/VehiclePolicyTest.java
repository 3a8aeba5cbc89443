package dev.bulkhead.security.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VehiclePolicyTest {
    private static final String HEAD = "[policy]\nname = \"p\"\nepoch = 3\n";

    @Test
    void readsVendorsRulesAndEpoch() {
        VehiclePolicy policy = parse(HEAD + """
                developer-mode = true   # for the bench
                [[vendor]]
                name = 'polar'
                prefix = "com.polar"
                ceiling = [
                  "signal Vehicle.** read",   # all of it
                  "deny signal Vehicle.Driver.** read",
                ]
                [[rule]]
                name = "all read speed"
                app = ["com.polar.*", "com.acme.x"]
                lines = "signal Vehicle.Speed read"
                """);
        assertEquals(3, policy.epoch());
        assertTrue(policy.developerMode());
        assertEquals(2, policy.vendors().getFirst().lines().size());
        assertTrue(policy.vendors().getFirst().lines().getLast().deny());
        assertEquals(2, policy.rules().size());
        assertEquals(
                "rule \"all read speed\" (p.toml:15)", policy.rules().getFirst().label());
    }

    @Test
    void developerModeIsOffUnlessSaid() {
        assertFalse(parse(HEAD).developerMode());
    }

    @Test
    void namesTheLineOfAnUnknownKeyAndTheNearestKnownOne() {
        expect(HEAD + "develloper-mode = true\n", 4, "did you mean 'developer-mode'");
        expect(HEAD + "[[rules]]\n", 4, "did you mean 'rule'");
    }

    @Test
    void namesTheLineOfABadCapability() {
        String rule = "[[rule]]\nname = \"r\"\napp = \"*\"\nlines = [\n  \"signal A read\",\n  \"signal A raed\",\n]\n";
        expect(HEAD + rule, 9, "did you mean 'read'");
    }

    @Test
    void refusesWhatIsMissing() {
        expect("", 1, "[policy]");
        expect("[policy]\nname = \"p\"\n", 1, "'epoch'");
        expect(HEAD + "[[rule]]\nname = \"r\"\nlines = \"wasi stdio\"\n", 4, "'app'");
        expect("name = \"p\"\n", 1, "no table");
    }

    @Test
    void refusesWhatIsGivenTwice() {
        expect(HEAD + "epoch = 4\n", 4, "twice");
        expect(HEAD + "[policy]\n", 4, "twice");
        String rule = "[[rule]]\nname = \"r\"\napp = \"*\"\nlines = \"wasi stdio\"\n";
        expect(HEAD + rule + rule, 8, "rule r is given twice");
    }

    @Test
    void refusesOverlappingPrefixes() {
        String vendors = """
                [[vendor]]
                name = "a"
                prefix = "com.acme"
                ceiling = []
                [[vendor]]
                name = "b"
                prefix = "com.acme.sub"
                ceiling = []
                """;
        expect(HEAD + vendors, 10, "overlaps 'com.acme' in line 6");
    }

    @Test
    void refusesAnEpochBelowOne() {
        expect("[policy]\nname = \"p\"\nepoch = 0\n", 3, "whole number from 1");
        expect("[policy]\nname = \"p\"\nepoch = \"1\"\n", 3, "whole number from 1");
    }

    @Test
    void refusesTablesInTheWrongForm() {
        expect("[[policy]]\n", 1, "[policy]");
        expect(HEAD + "[rule]\n", 4, "[[rule]]");
    }

    @Test
    void refusesTheRestOfToml() {
        expect(HEAD + "x = {a = 1}\n", 4, "inline table");
        expect(HEAD + "x = 1.5\n", 4, "neither");
        expect(HEAD + "x = \"\"\"a\"\"\"\n", 4, "several lines");
        expect(HEAD + "x = \"a\n", 4, "not closed");
        expect(HEAD + "x = [1]\n", 4, "not a string");
        expect(HEAD + "x = [\"a\"", 4, "expected , or ]");
        expect(HEAD + "x = \"a\" y\n", 4, "end of the line");
    }

    @Test
    void refusesBadAppPatterns() {
        expect(HEAD + "[[rule]]\nname = \"r\"\napp = \"com.*.x\"\nlines = \"wasi stdio\"\n", 6, "com.acme.*");
    }

    @Test
    void onlyPolicyExceptionsComeOutOfMutatedPolicies() {
        byte[] demo = VehiclePolicy.demoToml().getBytes(StandardCharsets.ISO_8859_1);
        var random = new Random(20_261_122);
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] mutated = demo.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(mutated.length);
                mutated[at] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : demo[random.nextInt(demo.length)];
            }
            String text = new String(mutated, StandardCharsets.ISO_8859_1);
            try {
                parse(random.nextInt(8) == 0 ? text.substring(0, random.nextInt(text.length())) : text);
            } catch (PolicyException e) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " refused");
    }

    private static void expect(String toml, int line, String part) {
        PolicyException refusal = assertThrows(PolicyException.class, () -> parse(toml));
        assertEquals(line, refusal.line(), refusal.getMessage());
        assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal.getMessage());
    }

    private static VehiclePolicy parse(String toml) {
        return VehiclePolicy.parse(toml, "p.toml");
    }
}
