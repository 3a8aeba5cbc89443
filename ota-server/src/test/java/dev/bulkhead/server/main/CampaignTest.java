package dev.bulkhead.server.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.proto.UpdateState;
import dev.bulkhead.server.web.ServerClient;
import dev.bulkhead.server.web.ServerClientException;
import dev.bulkhead.server.web.Views;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release that goes out in groups to vehicles on a real line, and is taken back. */
final class CampaignTest {
    private static final String APP = "com.acme.climate";

    @TempDir
    private Path folder;

    private static Views.CampaignOrder order(String fallback) {
        return new Views.CampaignOrder(
                "c1",
                APP,
                "2.0.0",
                fallback,
                Map.of(),
                List.of(new Views.GroupOrder(50, null), new Views.GroupOrder(null, Map.of())),
                100,
                0,
                1,
                0,
                "roll-back");
    }

    @Test
    void failingReleaseReachesTheFirstGroupOnlyAndIsTakenBack() throws Exception {
        Town town = Town.founded(folder);
        try (FleetServer server = town.start();
                ServerClient client = town.client(server);
                TestVehicle one = TestVehicle.connect(town, server.mqttPort(), "car-1");
                TestVehicle two = TestVehicle.connect(town, server.mqttPort(), "car-2")) {
            one.hello();
            two.hello();
            town.publish(client, APP, "1.0.0", 1);
            town.publish(client, APP, "2.0.0", 2);
            assertEquals(
                    "fallback",
                    assertThrows(ServerClientException.class, () -> client.begin(order("1.0.0")))
                            .word());
            Views.Campaign campaign = client.begin(order(""));
            assertEquals(
                    List.of(1, 1),
                    campaign.groups().stream().map(Views.Group::vehicles).toList());
            String first = client.assignment("c1").vehicles().getFirst().vehicleId();
            TestVehicle canary = first.equals("car-1") ? one : two;
            TestVehicle other = first.equals("car-1") ? two : one;
            assertTrue(canary.target(APP).isPresent());
            assertTrue(other.target(APP).isEmpty());
            canary.report("c1", UpdateState.UPDATE_STATE_FAILED, 0, 0);
            assertEquals("rolled-back", awaitPhase(client, "rolled-back"));
            assertTrue(canary.target(APP).isEmpty());
            assertTrue(other.target(APP).isEmpty());
            assertEquals(
                    404,
                    assertThrows(ServerClientException.class, () -> client.campaign("none"))
                            .status());
        }
    }

    private static String awaitPhase(ServerClient client, String phase) throws InterruptedException {
        for (int i = 0; i < 200 && !client.campaign("c1").phase().equals(phase); i++) {
            Thread.sleep(50);
        }
        return client.campaign("c1").phase();
    }
}
