package dev.bulkhead.agent.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class HmacTest {
    @Test
    void isTheOneOfRfc4231() {
        byte[] mac = Hmac.sha256(
                "Jefe".getBytes(StandardCharsets.US_ASCII),
                "what do ya want ".getBytes(StandardCharsets.US_ASCII),
                "for nothing?".getBytes(StandardCharsets.US_ASCII));
        assertArrayEquals(
                HexFormat.of().parseHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"), mac);
    }

    @Test
    void isTheJdksForKeysOfEveryLength() throws GeneralSecurityException {
        byte[] message = new byte[1_000];
        for (int length = 1; length < 200; length++) {
            byte[] key = new byte[length];
            Arrays.fill(key, (byte) length);
            message[length] = (byte) length;
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            assertArrayEquals(mac.doFinal(message), Hmac.sha256(key, message));
        }
    }
}
