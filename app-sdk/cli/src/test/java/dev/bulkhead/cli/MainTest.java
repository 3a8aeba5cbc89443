package dev.bulkhead.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void tracesOfGrpcReachThoseOnlyWhoAskForThem() {
        assertEquals(Level.OFF, Main.grpcLevel(Map.of("HOME", "/root")));
        assertEquals(Level.WARNING, Main.grpcLevel(Map.of("BULKHEAD_DEBUG", "1")));
    }
}
