package dev.bulkhead.contract.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanIdsTest {
    @Test
    void standardAndExtendedNeverMeet() {
        assertFalse(CanIds.exactly(0x123, false).overlaps(CanIds.exactly(0x123, true)));
        assertFalse(CanIds.exactly(0x123, false).contains(0x123, true));
    }

    @Test
    void aMaskComparesTheBitsItHas() {
        CanIds pgn = CanIds.masked(0x18FEF1AB, 0x03FFFF00, true);
        assertTrue(pgn.contains(0x00FEF100, true));
        assertTrue(pgn.contains(0x1CFEF1FF, true));
        assertFalse(pgn.contains(0x18FEF200, true));
        assertFalse(pgn.isExact());
    }

    @Test
    void refusesIdsAboveTheirWidth() {
        assertThrows(IllegalArgumentException.class, () -> CanIds.exactly(0x800, false));
        assertThrows(IllegalArgumentException.class, () -> CanIds.exactly(-1, true));
        assertThrows(IllegalArgumentException.class, () -> CanIds.range(5, 4, false));
    }

    @Test
    void agreesWithEnumerationOnRandomSets() {
        Random random = new Random(7);
        for (int round = 0; round < 800; round++) {
            CanIds a = random(random);
            CanIds b = random(random);
            Optional<CanIds> common = a.intersect(b);
            boolean any = false;
            boolean all = true;
            int members = 0;
            for (int id = 0; id <= CanIds.MAX_STANDARD; id++) {
                boolean inA = a.contains(id, false);
                boolean inB = b.contains(id, false);
                boolean inCommon = common.isPresent() && common.get().contains(id, false);
                assertEquals(inA && inB, inCommon, a + " ∩ " + b);
                any |= inA && inB;
                all &= !inB || inA;
                members += inA ? 1 : 0;
            }
            assertEquals(any, common.isPresent());
            assertTrue(all || !a.contains(b), a + " does not contain " + b);
            assertEquals(members == 1, a.isExact());
        }
    }

    private static CanIds random(Random random) {
        int x = random.nextInt(0x800);
        int y = random.nextInt(0x800);
        int mask = x & random.nextInt(0x800);
        return switch (random.nextInt(3)) {
            case 0 -> CanIds.exactly(x, false);
            case 1 -> CanIds.masked(y, mask, false);
            default -> new CanIds(Math.min(x, y), Math.max(x, y), false, random.nextBoolean() ? mask : 0);
        };
    }
}
