package dev.bulkhead.hal.driver.socketcan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.OtherProgram;
import dev.bulkhead.hal.time.ManualTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SocketCanKernelTest {
    /** Boots user-mode-linux; {@code BULKHEAD_UML} names a folder for it and so says that it is wanted. */
    @Test
    @Timeout(180)
    void theDriverWorksOnARealKernel() throws InterruptedException {
        OtherProgram.need(
                System.getenv("BULKHEAD_UML") != null, "set BULKHEAD_UML to a folder to boot user-mode-linux in");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        OtherProgram.Result result = OtherProgram.run("bash", "src/test/uml/socketcan", classPath);
        assertEquals("socketcan: ok", result.output());
    }

    @Test
    void namesThatAreNoInterfaceAreRefused() {
        for (String name : List.of("", "way-too-long-a-name", "can0; rm", "../can0")) {
            assertThrows(IllegalArgumentException.class, () -> new SocketCanDriver(name, "can0", false, List.of()));
        }
    }

    @Test
    void kernelTimestampsKeepTheirSpacing() {
        ManualTime time = new ManualTime();
        KernelTime kernel = new KernelTime(time);
        long first = kernel.vehicleNanos(5_000_000);
        time.advance(30_000_000);
        long second = kernel.vehicleNanos(15_000_000);
        assertEquals(10_000_000, second - first, "read late, but it came 10 ms after the first");
        assertTrue(kernel.vehicleNanos(100_000_000_000_000L) <= time.nanos(), "a clock that jumps starts anew");
        assertEquals(time.nanos(), kernel.vehicleNanos(0));
    }
}
