package dev.bulkhead.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OwedHandOverTest {
    private final OwedHandOver owed = new OwedHandOver();
    private final AtomicInteger written = new AtomicInteger();

    @Test
    void isWrittenDownOnceHoweverOftenItIsPaid() {
        owed.pay();
        owed.owe(written::incrementAndGet);
        assertEquals(0, written.get());
        owed.pay();
        owed.pay();
        assertEquals(1, written.get());
    }

    @Test
    void staysOwedWhenItCannotBeWritten() {
        owed.owe(() -> {
            if (written.incrementAndGet() == 1) {
                throw new IllegalStateException("the disk is full");
            }
        });
        assertThrows(IllegalStateException.class, owed::pay);
        owed.pay();
        owed.pay();
        assertEquals(2, written.get());
    }

    @Test
    void isNotWrittenOnceTheReleaseIsProven() {
        owed.owe(written::incrementAndGet);
        owed.forgive();
        owed.pay();
        assertEquals(0, written.get());
    }
}
