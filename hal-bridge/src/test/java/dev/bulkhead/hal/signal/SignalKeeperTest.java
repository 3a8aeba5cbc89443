package dev.bulkhead.hal.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulkhead.hal.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalKeeperTest {
    private static final String TRIP = "Vehicle.TripMeterReading";
    private static final String MODE = "Vehicle.Powertrain.Transmission.PerformanceMode";

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final SignalTree tree = DefaultVehicle.tree();
    private final List<SignalLeaf> kept = tree.matching(path -> path.equals(TRIP) || path.equals(MODE));
    private Path file = Path.of("unset");

    @BeforeEach
    void place() {
        file = folder.resolve("signals.json");
    }

    private SignalStore store() {
        return new SignalStore(tree, time, time, 1);
    }

    @Test
    void whatIsKeptComesBackAfterAPowerCycle() throws IOException {
        SignalStore before = store();
        before.publish(tree.find(TRIP).orElseThrow().id(), 1234L, 0);
        before.publish(tree.find(MODE).orElseThrow().id(), SignalValue.of("SNOW"), 0);
        before.publish(tree.find("Vehicle.Speed").orElseThrow().id(), 50.0, 0);
        new SignalKeeper(file, before, kept).save();
        SignalStore after = store();
        assertEquals(2, new SignalKeeper(file, after, kept).restore());
        assertEquals(1234, after.cell(TRIP).orElseThrow().asLong());
        assertEquals(time.nanos(), after.cell(TRIP).orElseThrow().timeNanos());
    }

    @Test
    void aDamagedFileKeepsNothingAndStopsNobody() throws IOException {
        for (String damage : List.of("", "{", "[1]", "{\"" + TRIP + "\":\"far\",\"" + MODE + "\":\"WARP\"}")) {
            Files.writeString(file, damage);
            assertEquals(0, new SignalKeeper(file, store(), kept).restore(), damage);
        }
        assertEquals(0, new SignalKeeper(folder.resolve("none"), store(), kept).restore());
    }
}
