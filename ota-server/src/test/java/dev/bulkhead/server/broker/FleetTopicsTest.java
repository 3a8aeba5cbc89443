package dev.bulkhead.server.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FleetTopicsTest {
    private final FleetTopics topics = new FleetTopics("demo");
    private final VehicleId car = new VehicleId("car-1");

    @Test
    void spellsTopicsAsTheDesignSays() {
        assertEquals("sdv/1/demo/v/car-1/up/hello", topics.up(car, UplinkKind.HELLO));
        assertEquals("sdv/1/demo/v/car-1/dn/director", topics.down(car, DownlinkKind.DIRECTOR));
        assertEquals("sdv/1/demo/repo/image/timestamp", topics.imageTimestamp());
    }

    @Test
    void knowsWhatAVehicleSaysByItsTopic() {
        for (UplinkKind kind : UplinkKind.values()) {
            assertEquals(Optional.of(kind), topics.published(car, topics.up(car, kind)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sdv/1/demo/v/car-2/up/hello",
                "sdv/1/demo/v/car-1/up/",
                "sdv/1/demo/v/car-1/up/hello/x",
                "sdv/1/demo/v/car-1/up/HELLO",
                "sdv/1/demo/v/car-1/dn/wake",
                "sdv/1/other/v/car-1/up/hello",
                "sdv/1/demo/repo/image/timestamp",
                "$SYS/x",
                ""
            })
    void refusesToPublishElsewhere(String topic) {
        assertTrue(topics.published(car, topic).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sdv/1/demo/v/car-1/dn/+",
                "sdv/1/demo/v/car-1/dn/#",
                "sdv/1/demo/v/car-1/dn/wake",
                "sdv/1/demo/repo/#",
                "sdv/1/demo/repo/image/timestamp"
            })
    void letsAVehicleReadItsOwn(String filter) {
        assertTrue(topics.maySubscribe(car, filter));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "+/1/demo/v/car-1/dn/wake",
                "sdv/1/demo/v/+/dn/wake",
                "sdv/1/demo/v/car-10/dn/wake",
                "sdv/1/demo/v/car-1/#",
                "sdv/1/demo/v/car-1/dn/",
                "$share/ota/sdv/1/demo/v/car-1/dn/wake",
                "sdv/1/other/repo/image/timestamp"
            })
    void keepsAVehicleFromReadingOthers(String filter) {
        assertFalse(topics.maySubscribe(car, filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "#", "a/b", "a b", "-a", "\u0000", "ä"})
    void vehicleIdsCannotHoldTopicSyntax(String id) {
        assertThrows(IllegalArgumentException.class, () -> new VehicleId(id));
        assertTrue(VehicleId.parse(id).isEmpty());
    }
}
