package dev.bulkhead.simulator.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.can.CanBus;
import dev.bulkhead.hal.can.CanFilter;
import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.driver.DriverContext;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.Scheduler;
import dev.bulkhead.hal.time.VehicleClock;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.dynamics.VehicleParameters;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import dev.bulkhead.simulator.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedVehicleTest {
    private static final long SECOND = 1_000_000_000L;

    private final World world = new World(1);
    private final Garage garage = new Garage(world);
    private final SimulatedVehicle vehicle =
            new SimulatedVehicle(new VirtualVehicle(VehicleParameters.compactElectric(), DriveCycle.udds(), 5, 0.8));

    @AfterEach
    void endTheWorld() {
        vehicle.close();
        world.close();
    }

    @Test
    void publishesTheSpeedItDrives() {
        vehicle.start(garage);
        world.runUntil(240 * SECOND);
        assertEquals(56.7 * 1.609344, garage.read("Vehicle.Speed"), 3);
        assertTrue(garage.read("Vehicle.TraveledDistance") > 2000);
        assertTrue(garage.read("Vehicle.Powertrain.TractionBattery.StateOfCharge.Current") < 80);
    }

    @Test
    void sendsTheSpeedLimitTheCameraSees() {
        vehicle.start(garage);
        CanPort port = garage.buses.getFirst().open(List.of(CanFilter.exactly(0x2F0, false)), 8, () -> {});
        world.runUntil(SECOND);
        List<Integer> limits = new ArrayList<>();
        port.receive(8, (frame, time) -> limits.add(frame.byteAt(0)));
        assertEquals(List.of(50, 50, 50, 50, 50, 50, 50, 50), limits);
        assertEquals(2, port.dropped());
    }

    @Test
    void warmsTheCabinWhenTheClimateUnitIsSet() {
        vehicle.start(garage);
        garage.apply("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature", 24);
        garage.apply("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed", 80);
        world.runUntil(900 * SECOND);
        assertEquals(24, garage.read("Vehicle.Cabin.HVAC.AmbientAirTemperature"), 2);
    }

    @Test
    void stopsPublishingWhenItIsClosed() {
        vehicle.start(garage);
        world.runUntil(60 * SECOND);
        vehicle.close();
        double last = garage.read("Vehicle.Speed");
        world.runUntil(90 * SECOND);
        assertEquals(last, garage.read("Vehicle.Speed"));
    }

    /** The HAL's side of a driver, as small as it can be. */
    private static final class Garage implements DriverContext {
        final List<CanBus> buses = new ArrayList<>();
        private final Map<String, ActuatorSink> sinks = new HashMap<>();
        private final World world;
        private final SignalStore signals;

        Garage(World world) {
            this.world = world;
            this.signals = new SignalStore(DefaultVehicle.tree(), world, world, 10);
        }

        double read(String path) {
            SignalLeaf leaf = signals.tree().find(path).orElseThrow();
            return signals.cell(leaf.id()).asDouble();
        }

        void apply(String path, double value) {
            SignalLeaf leaf = signals.tree().find(path).orElseThrow();
            ActuatorSink sink = sinks.get(path);
            assertTrue(sink != null
                    && sink.apply(
                            leaf,
                            new SignalValue.Scalar(leaf.type(), leaf.type().fromDouble(value))));
        }

        @Override
        public VehicleClock clock() {
            return world;
        }

        @Override
        public Scheduler scheduler() {
            return world;
        }

        @Override
        public SignalStore signals() {
            return signals;
        }

        @Override
        public void attach(CanBus bus) {
            buses.add(bus);
        }

        @Override
        public Optional<CanBus> bus(String name) {
            return buses.stream().filter(bus -> bus.name().equals(name)).findFirst();
        }

        @Override
        public void drive(SignalLeaf actuator, ActuatorSink sink) {
            sinks.put(actuator.path(), sink);
        }

        @Override
        public void failed(String reason) {
            throw new AssertionError(reason);
        }
    }
}
