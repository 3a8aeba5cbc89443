package dev.bulkhead.hal.can.dbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameFinishersTest {
    private static final DbcDatabase DATABASE = DbcDatabase.parse("test", """
            BO_ 256 Brake: 16 Unit
             SG_ Text : 0|8@1+ (1,0) [0|0] "" X
             SG_ Counter : 72|4@1+ (1,0) [0|0] "" X
             SG_ Check : 80|8@1+ (1,0) [0|0] "" X
            """.getBytes(StandardCharsets.UTF_8));
    private static final DbcMessage BRAKE = DATABASE.messages().getFirst();
    private static final MessageCodec CODEC = new MessageCodec(BRAKE);

    private static int check(String how, String text) {
        byte[] data = new byte[11];
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, data, 0, 9);
        FrameFinishers.none().with("Brake", "Check", how).finish(BRAKE, CODEC, data);
        return data[10] & 0xFF;
    }

    @Test
    void checksumsAreThoseOfTheBooks() {
        assertEquals(0x31, check("xor", "123456789"));
        assertEquals(0xDD, check("sum", "123456789"));
        byte[] nine = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0x4B, FrameFinishers.crc8(nine, 0x1D));
        assertEquals(0xDF, FrameFinishers.crc8(nine, 0x2F));
    }

    @Test
    void aCounterWrapsWithItsWidthAndIsUnderTheChecksum() {
        FrameFinishers both =
                FrameFinishers.none().with("Brake", "Check", "xor").with("Brake", "Counter", "counter");
        for (int i = 0; i < 18; i++) {
            byte[] data = new byte[16];
            both.finish(BRAKE, CODEC, data);
            assertEquals(i % 16, data[9] & 0x0F);
            assertEquals(data[9], data[10], HexFormat.of().formatHex(data));
        }
    }

    @Test
    void otherMessagesStayAsTheyAre() {
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        FrameFinishers.none().with("Other", "Check", "sum").finish(BRAKE, CODEC, data);
        assertEquals("0102030405060708090a0b", HexFormat.of().formatHex(data));
    }

    @Test
    void whatCannotBeFilledIsNamedBeforeAnythingIsSent() {
        for (List<String> wrong : List.of(List.of("Brake", "Nothing"), List.of("Nowhere", "Check"))) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> FrameFinishers.none()
                            .with(wrong.get(0), wrong.get(1), "sum")
                            .checkedFor(DATABASE));
            assertTrue(String.valueOf(refusal.getMessage()).contains(wrong.get(0)), refusal::toString);
        }
        assertThrows(IllegalArgumentException.class, () -> FrameFinishers.none().with("Brake", "Check", "md5"));
    }
}
