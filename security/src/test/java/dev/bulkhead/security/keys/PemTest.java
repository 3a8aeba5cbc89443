package dev.bulkhead.security.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PemTest {
    @Test
    void readsEveryBlockAndSkipsTheTextBetween() {
        String text = "note\n" + Pem.encode("ONE", new byte[] {1}) + "more\n" + Pem.encode("TWO", new byte[100]);
        assertEquals(2, Pem.decode(text).size());
        assertArrayEquals(new byte[] {1}, Pem.find(text, "ONE").orElseThrow().der());
    }

    @Test
    void refusesABlockWhoseEndSharesDashesWithItsBeginning() {
        assertThrows(KeyException.class, () -> Pem.decode("-----BEGIN A-----END A-----"));
    }

    @Test
    void refusesABlockThatNeverEnds() {
        assertThrows(KeyException.class, () -> Pem.decode("-----BEGIN A-----\nAAAA\n"));
        assertThrows(KeyException.class, () -> Pem.decode("-----BEGIN A"));
    }

    @Test
    void refusesMoreBlocksThanTheLimit() {
        assertThrows(
                KeyException.class,
                () -> Pem.decode(Pem.encode("A", new byte[1]).repeat(65)));
    }

    @Test
    void saysWhichAlgorithmOfAPrivateKeyIsUnknown() {
        byte[] pkcs8 =
                FileSigner.generate(KeyScheme.ED25519, new SecureRandom()).pkcs8();
        // the object identifier 1.3.101.112 becomes 1.3.101.116
        pkcs8[11] = 0x74;
        assertThrows(KeyException.class, () -> FileSigner.ofPkcs8(pkcs8));
    }
}
