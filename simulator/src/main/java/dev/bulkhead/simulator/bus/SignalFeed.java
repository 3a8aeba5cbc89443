package dev.bulkhead.simulator.bus;

import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The signals the physics drives, each with its period. A path that the vehicle's tree does not have is left out. */
final class SignalFeed {
    private static final double KMH = 3.6;
    private static final int FAST = 20;
    private static final int MEDIUM = 100;
    private static final int SLOW = 1000;

    /**
     * One signal.
     *
     * @param periodMillis a multiple of the physics step
     */
    private record Channel(String path, int periodMillis, ToDoubleFunction<VirtualVehicle> value) {}

    private record Source(SignalLeaf leaf, int periodMillis, ToDoubleFunction<VirtualVehicle> value) {}

    private static final List<Channel> CHANNELS = List.of(
            new Channel("Vehicle.Speed", FAST, v -> v.motion().speed() * KMH),
            new Channel(
                    "Vehicle.Acceleration.Longitudinal", FAST, v -> v.motion().acceleration()),
            new Channel(
                    "Vehicle.Chassis.Accelerator.PedalPosition",
                    FAST,
                    v -> Math.round(v.pedals().accelerator() * 100)),
            new Channel(
                    "Vehicle.Chassis.Brake.PedalPosition",
                    FAST,
                    v -> Math.round(v.pedals().brake() * 100)),
            new Channel("Vehicle.IsMoving", MEDIUM, v -> v.motion().speed() > 0.05 ? 1 : 0),
            new Channel(
                    "Vehicle.TraveledDistance",
                    MEDIUM,
                    v -> StrictMath.floor(v.motion().metres())),
            new Channel(
                    "Vehicle.TraveledDistanceSinceStart",
                    MEDIUM,
                    v -> StrictMath.floor(v.motion().metres())),
            new Channel(
                    "Vehicle.Chassis.Axle.Row1.Wheel.Left.Speed",
                    FAST,
                    v -> v.motion().speed() * KMH),
            new Channel(
                    "Vehicle.Chassis.Axle.Row1.Wheel.Right.Speed",
                    FAST,
                    v -> v.motion().speed() * KMH),
            new Channel(
                    "Vehicle.Chassis.Axle.Row2.Wheel.Left.Speed",
                    FAST,
                    v -> v.motion().speed() * KMH),
            new Channel(
                    "Vehicle.Chassis.Axle.Row2.Wheel.Right.Speed",
                    FAST,
                    v -> v.motion().speed() * KMH),
            new Channel(
                    "Vehicle.Powertrain.ElectricMotor.Power",
                    MEDIUM,
                    v -> Math.round(v.motion().power() / 1000)),
            new Channel(
                    "Vehicle.Powertrain.TractionBattery.CurrentPower",
                    MEDIUM,
                    v -> v.battery().powerW()),
            new Channel(
                    "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current",
                    SLOW,
                    v -> v.battery().stateOfCharge(v.parameters()) * 100),
            new Channel(
                    "Vehicle.Powertrain.TractionBattery.StateOfCharge.CurrentEnergy",
                    SLOW,
                    v -> v.battery().joules() / 3.6e6),
            new Channel("Vehicle.Exterior.AirTemperature", SLOW, VirtualVehicle::outsideCelsius),
            new Channel(
                    "Vehicle.Cabin.HVAC.AmbientAirTemperature",
                    MEDIUM,
                    v -> v.climate().cabinCelsius()));

    private final List<Source> sources;
    private final SignalStore signals;

    SignalFeed(SignalStore signals) {
        this.signals = signals;
        this.sources = new ArrayList<>();
        for (Channel channel : CHANNELS) {
            signals.tree()
                    .find(channel.path())
                    .ifPresent(leaf -> sources.add(new Source(leaf, channel.periodMillis(), channel.value())));
        }
    }

    /** Publishes what is due at {@code millis} since the start of the drive. */
    void publish(VirtualVehicle vehicle, long millis, long nowNanos) {
        for (Source source : sources) {
            if (millis % source.periodMillis() == 0) {
                double value = source.value().applyAsDouble(vehicle);
                if (!signals.publish(source.leaf().id(), value, nowNanos)) {
                    signals.publish(source.leaf().id(), Math.round(value), nowNanos);
                }
            }
        }
    }
}
