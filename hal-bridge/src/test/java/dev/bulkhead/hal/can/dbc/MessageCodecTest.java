package dev.bulkhead.hal.can.dbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulkhead.hal.can.CanFrame;
import dev.bulkhead.hal.signal.DefaultVehicle;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static MessageCodec codec(int bytes, String... signals) {
        StringBuilder text = new StringBuilder("BO_ 1 A: " + bytes + " X\n");
        for (String signal : signals) {
            text.append(" SG_ ").append(signal).append(" [0|0] \"\" X\n");
        }
        return new MessageCodec(DbcDatabase.parse("t", text.toString().getBytes(StandardCharsets.UTF_8))
                .messages()
                .getFirst());
    }

    private static FrameValues decode(MessageCodec codec, String hex) {
        FrameValues values = codec.newValues();
        byte[] data = HexFormat.of().parseHex(hex);
        codec.decode(data, 0, data.length, values);
        return values;
    }

    @Test
    void decodesIntelAndMotorola() {
        MessageCodec codec = codec(8, "I : 4|12@1+ (1,0)", "M : 23|16@0+ (0.01,0)", "S : 32|8@1- (1,0)");
        FrameValues values = decode(codec, "3412AB12FF000000");
        assertEquals(0x123, values.raw(0));
        assertEquals(0xAB12 * 0.01, values.value(1), 1e-9);
        assertEquals(-1, values.raw(2));
    }

    /** Bit by bit, as the format is defined; nothing shared with the plan. */
    private static BigInteger slowRaw(DbcSignal signal, byte[] data) {
        BigInteger raw = BigInteger.ZERO;
        int bit = signal.start();
        for (int i = 0; i < signal.length(); i++) {
            int value = data[bit / 8] >> (bit % 8) & 1;
            if (signal.bigEndian()) {
                raw = raw.shiftLeft(1).or(BigInteger.valueOf(value));
                bit = bit % 8 == 0 ? bit + 15 : bit - 1;
            } else {
                raw = raw.or(BigInteger.valueOf(value).shiftLeft(i));
                bit++;
            }
        }
        if (signal.signed() && raw.testBit(signal.length() - 1)) {
            raw = raw.subtract(BigInteger.ONE.shiftLeft(signal.length()));
        }
        return raw;
    }

    @Test
    void agreesWithTheDefinitionOnRandomSignals() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            boolean big = random.nextBoolean();
            int bytes = CanFrame.fdLength(1 + random.nextInt(64));
            int length = 1 + random.nextInt(Math.min(64, bytes * 8));
            int first = random.nextInt(bytes * 8 - length + 1);
            int start = big ? (first & ~7) + (7 - (first & 7)) : first;
            MessageCodec codec = codec(
                    bytes,
                    "S : " + start + "|" + length + "@" + (big ? 0 : 1) + (random.nextBoolean() ? "+" : "-")
                            + " (1,0)");
            byte[] data = new byte[bytes];
            random.nextBytes(data);
            FrameValues values = codec.newValues();
            codec.decode(data, 0, bytes, values);
            DbcSignal signal = codec.message().signals().getFirst();
            assertEquals(slowRaw(signal, data).longValue(), values.raw(0), () -> signal.toString());
            byte[] rebuilt = new byte[bytes];
            codec.putRaw(0, values.raw(0), rebuilt);
            assertEquals(values.raw(0), codec.rawOf(0, rebuilt, bytes), () -> signal.toString());
        }
    }

    @Test
    void realFilesRoundTripThroughEncode() throws IOException {
        Random random = new Random(11);
        for (Path file : DbcParserTest.sharedFiles()) {
            for (DbcMessage message : DbcDatabase.read(file).messages()) {
                roundTrip(new MessageCodec(message), random);
            }
        }
    }

    private static void roundTrip(MessageCodec codec, Random random) {
        byte[] data = new byte[codec.message().length()];
        random.nextBytes(data);
        FrameValues first = codec.newValues();
        codec.decode(data, 0, data.length, first);
        byte[] rebuilt = data.clone();
        for (int i = 0; i < first.count(); i++) {
            DbcSignal signal = codec.message().signals().get(first.index(i));
            assertEquals(slowRaw(signal, data).longValue(), first.raw(i));
            if (signal.length() <= 52 && signal.form() == DbcSignal.Form.INTEGER) {
                long raw = codec.toRaw(first.index(i), first.value(i));
                assertEquals(first.raw(i), raw, () -> codec.message().name() + "." + signal);
                codec.putRaw(first.index(i), raw, rebuilt);
            }
        }
        assertArrayEquals(data, rebuilt);
    }

    @Test
    void leavesOutWhatIsMultiplexedAway() {
        MessageCodec codec = codec(
                8, "Sel M : 0|8@1+ (1,0)", "A m1 : 8|8@1+ (1,0)", "B m2 : 8|8@1+ (1,0)", "Always : 16|8@1+ (1,0)");
        FrameValues values = decode(codec, "0205070000000000");
        assertEquals(3, values.count());
        assertEquals(2, values.index(1));
        assertEquals(5, values.raw(1));
        assertEquals(3, values.index(2));
    }

    @Test
    void followsNestedMultiplexers() {
        String text = """
                BO_ 1 A: 4 X
                 SG_ Deep m1 : 16|8@1+ (1,0) [0|0] "" X
                 SG_ Inner m2M : 8|8@1+ (1,0) [0|0] "" X
                 SG_ Outer M : 0|8@1+ (1,0) [0|0] "" X
                SG_MUL_VAL_ 1 Deep Inner 3-3, 5-10;
                SG_MUL_VAL_ 1 Inner Outer 2-2;
                """;
        MessageCodec codec = new MessageCodec(DbcDatabase.parse("t", text.getBytes(StandardCharsets.UTF_8))
                .messages()
                .getFirst());
        assertEquals(3, decode(codec, "02070900").count());
        assertEquals(2, decode(codec, "02040900").count());
        assertEquals(1, decode(codec, "01070900").count());
    }

    @Test
    void leavesOutWhatAShortFrameDoesNotCarry() {
        MessageCodec codec = codec(8, "A : 0|8@1+ (1,0)", "B : 56|8@1+ (1,0)");
        assertEquals(1, decode(codec, "FF00").count());
    }

    @Test
    void decodesFloats() {
        String text = """
                BO_ 1 A: 12 X
                 SG_ F : 0|32@1- (2,1) [0|0] "" X
                 SG_ D : 39|64@0- (1,0) [0|0] "" X
                SIG_VALTYPE_ 1 F : 1;
                SIG_VALTYPE_ 1 D : 2;
                """;
        MessageCodec codec = new MessageCodec(DbcDatabase.parse("t", text.getBytes(StandardCharsets.UTF_8))
                .messages()
                .getFirst());
        FrameBuilder builder = new FrameBuilder(codec).set("F", 6).set("D", -0.1);
        FrameValues values = codec.newValues();
        codec.decode(builder.build(), values);
        assertEquals(6, values.value(0));
        assertEquals(-0.1, values.value(1));
    }

    @Test
    void carriesSixtyFourUnsignedBits() {
        MessageCodec codec = codec(8, "U : 0|64@1+ (1,0)");
        FrameValues values = decode(codec, "FFFFFFFFFFFFFFFF");
        assertEquals(-1, values.raw(0));
        assertEquals(0x1p64, values.value(0));
    }

    @Test
    void refusesToEncodeWhatDoesNotFit() {
        FrameBuilder builder = new FrameBuilder(codec(8, "A : 0|8@1+ (0.5,0)"));
        assertThrows(DbcRangeException.class, () -> builder.set("A", 128));
        assertThrows(DbcRangeException.class, () -> builder.set("A", -0.5));
        assertThrows(DbcRangeException.class, () -> builder.set("A", Double.NaN));
        assertEquals(
                "001#FF00000000000000", builder.setNearest("A", 1e9).build().toString());
    }

    @Test
    void runsTheFinisherLast() {
        MessageCodec codec = new BusCodec(DbcDatabase.parse("default", DefaultVehicle.dbc()))
                .find("Steering")
                .orElseThrow();
        FrameBuilder builder =
                new FrameBuilder(codec, (message, plan, data) -> data[3] = (byte) (data[0] ^ data[1] ^ data[2]));
        assertEquals(
                "0C0#640005" + "61",
                builder.set("SteeringAngle", 10)
                        .setRaw("SteeringCounter", 5)
                        .build()
                        .toString());
    }
}
