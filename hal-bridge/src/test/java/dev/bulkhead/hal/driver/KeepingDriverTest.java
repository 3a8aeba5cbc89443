package dev.bulkhead.hal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.driver.keep.KeepingDriver;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeepingDriverTest {
    private static final String METRES = "Vehicle.TraveledDistance";

    @TempDir
    private Path folder;

    /** One ignition cycle. */
    private final class Drive implements AutoCloseable {
        private final ManualTime time = new ManualTime();
        private final SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 10);
        private final DriverRack rack =
                new DriverRack(time, time, store, new ActuatorBoard(store, time, time, (ActuationRecord event) -> {}));

        private Drive() {
            rack.start(new KeepingDriver(
                    folder.resolve("kept.json"), List.of(new SignalGlob("Vehicle.TraveledDistance"))));
        }

        private double metres() {
            return store.cell(METRES).orElseThrow().asDouble();
        }

        private void drive(double metres) {
            store.publish(store.tree().find(METRES).orElseThrow().id(), metres, time.nanos());
        }

        @Override
        public void close() {
            rack.close();
        }
    }

    @Test
    void whatWasKeptIsThereAfterThePowerCycleAndIsKeptEvenIfItsSourceIsLost() {
        try (Drive first = new Drive()) {
            assertTrue(Double.isNaN(first.metres()));
            first.drive(1_234);
        }
        try (Drive second = new Drive()) {
            assertEquals(1_234, second.metres());
            second.store.withdraw(second.store.tree().find(METRES).orElseThrow().id());
        }
        try (Drive third = new Drive()) {
            assertEquals(1_234, third.metres());
        }
    }

    @Test
    void aCutOfPowerLosesWhatIsYoungerThanTheLastSave() throws Exception {
        Drive cut = new Drive();
        cut.drive(10);
        cut.time.advanceMillis(5_000);
        while (!Files.exists(folder.resolve("kept.json"))) {
            Thread.sleep(5);
        }
        cut.drive(11);
        try (Drive next = new Drive()) {
            assertEquals(10, next.metres());
        }
    }

    @Test
    void aDiskThatTakesNothingIsSaidAndStopsNobody() throws Exception {
        try (Drive drive = new Drive()) {
            Files.createDirectory(folder.resolve("kept.json.next"));
            drive.drive(10);
            drive.time.advanceMillis(5_000);
            while (drive.rack.health().getFirst().failure().isEmpty()) {
                Thread.sleep(5);
            }
            drive.drive(11);
            assertEquals(11, drive.metres());
        }
    }

    @Test
    void nothingToKeepIsRefused() throws IOException {
        try (Drive drive = new Drive()) {
            assertThrows(
                    DriverException.class,
                    () -> drive.rack.start(
                            new KeepingDriver(folder.resolve("other.json"), List.of(new SignalGlob("Boat.*")))));
        }
    }
}
