package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutates valid lines with a fixed seed: only CapabilityException may come out, and what is read reads back. */
class CapabilityFuzzTest {
    private static final List<String> SEEDS = List.of(
            "signal Vehicle.Cabin.HVAC.** actuate range=16..28 slew<=1/s rate<=2Hz lease<=500ms priority=40 failsafe=hold:20ms"
                    + " when \"Vehicle.Speed == 0 && age(Vehicle.Speed) < 500ms || !(Vehicle.Gear == 'P')\"",
            "deny can can0 tx 7E0-7EF",
            "can can0 rx 18FEF100x fd rate<=50fps dlc=0..64 mask=1FFF00 when \"Vehicle.X >= -1.5e3\"",
            "message a/+/b/# subscribe rate<=0.5/s",
            "cloud telemetry publish",
            "storage 256KiB",
            "infer sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    private static final String ALPHABET = "abcxyzVSR0123456789.*+#/-_<>=&|!()\"'\\ \t\n\u0000é€\ud83d\ude97:,Hz";

    @Test
    void throwsNothingButItsOwnException() {
        Random random = new Random(20261122);
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            String line = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
            try {
                CapabilityLine parsed = CapabilityParser.parse(line);
                assertEquals(
                        parsed.capability(),
                        CapabilityParser.parse(parsed.capability().toString()).capability(),
                        line);
                read++;
            } catch (CapabilityException e) {
                assertEquals(true, e.column() >= 1 && e.column() <= line.length() + 2, e.getMessage());
            }
        }
        assertEquals(true, read > 1_000, "some mutants must stay readable: " + read);
    }

    private static String mutate(String seed, Random random) {
        StringBuilder line = new StringBuilder(seed);
        for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
            int at = random.nextInt(line.length() + 1);
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> line.insert(at, c);
                case 1 -> line.delete(at, Math.min(line.length(), at + random.nextInt(1, 5)));
                case 2 -> line.insert(at, line.substring(Math.max(0, at - random.nextInt(20)), at));
                default -> {
                    if (at < line.length()) {
                        line.setCharAt(at, c);
                    }
                }
            }
        }
        return line.toString();
    }
}
