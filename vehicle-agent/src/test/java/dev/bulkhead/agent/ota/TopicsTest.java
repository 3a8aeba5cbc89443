package dev.bulkhead.agent.ota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicsTest {
    private final Topics topics = new Topics("demo", "veh-1");

    @Test
    void namesTheTopicsOfTheDesign() {
        assertEquals("sdv/1/demo/v/veh-1/up/hello", topics.up(Up.HELLO));
        assertEquals("sdv/1/demo/v/veh-1/dn/director", topics.dn(Dn.DIRECTOR));
        assertEquals("sdv/1/demo/repo/image/timestamp", topics.dn(Dn.IMAGE_TIMESTAMP));
        assertEquals(List.of("sdv/1/demo/v/veh-1/dn/+", "sdv/1/demo/repo/image/timestamp"), topics.subscriptions());
    }

    @Test
    void knowsItsOwnTopicsOnly() {
        assertEquals(Optional.of(Dn.BLOCK), topics.parse("sdv/1/demo/v/veh-1/dn/block"));
        assertEquals(Optional.empty(), topics.parse("sdv/1/demo/v/veh-2/dn/block"));
        assertEquals(Optional.empty(), topics.parse("sdv/1/demo/v/veh-1/dn/reboot"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "#", "veh/1", "veh 1", ".veh", "veh\u0000"})
    void refusesAVehicleIdThatIsNoSingleLevel(String vehicleId) {
        assertThrows(IllegalArgumentException.class, () -> new Topics("demo", vehicleId));
    }
}
