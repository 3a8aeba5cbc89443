package dev.bulkhead.simulator.bus;

import dev.bulkhead.hal.can.CanPort;
import dev.bulkhead.hal.can.VirtualCanBus;
import dev.bulkhead.hal.can.dbc.BusCodec;
import dev.bulkhead.hal.can.dbc.DbcDatabase;
import dev.bulkhead.hal.can.dbc.FrameBuilder;
import dev.bulkhead.hal.can.dbc.MessageCodec;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the control units of the default vehicle send: each message of its DBC that the physics can fill, at its cycle time. */
final class VehicleFrames {
    private static final double KMH = 3.6;
    private static final double BATTERY_VOLTS = 400;
    private static final int CAMERA_CONFIDENCE = 95;
    private static final int LIMIT_SIGN = 1;

    private record Cyclic(int cycleMillis, FrameBuilder builder, BiConsumer<FrameBuilder, VirtualVehicle> fill) {}

    private final CanPort port;
    private final List<Cyclic> cyclics = new ArrayList<>();

    VehicleFrames(VirtualCanBus bus, SpeedLimits limits) {
        this.port = bus.open(List.of(), 1, () -> {});
        BusCodec codec = new BusCodec(DbcDatabase.parse("default-vehicle.dbc", DefaultVehicle.dbc()));
        fillers(limits).forEach((message, fill) -> codec.find(message).ifPresent(found -> add(found, fill)));
    }

    private void add(MessageCodec codec, BiConsumer<FrameBuilder, VirtualVehicle> fill) {
        codec.message().cycleMillis().ifPresent(cycle -> cyclics.add(new Cyclic(cycle, new FrameBuilder(codec), fill)));
    }

    /** Sends what is due at {@code millis} since the start of the drive. */
    void send(VirtualVehicle vehicle, long millis) {
        for (Cyclic cyclic : cyclics) {
            if (millis % cyclic.cycleMillis() == 0) {
                cyclic.fill().accept(cyclic.builder(), vehicle);
                port.send(cyclic.builder().build());
            }
        }
    }

    private static Map<String, BiConsumer<FrameBuilder, VirtualVehicle>> fillers(SpeedLimits limits) {
        return new TreeMap<>(Map.of(
                "VehicleMotion",
                VehicleFrames::motion,
                "WheelSpeeds",
                VehicleFrames::wheels,
                "Brake",
                (frame, v) -> frame.setNearest("BrakePedal", v.pedals().brake() * 100),
                "Drive",
                VehicleFrames::drive,
                "Battery",
                VehicleFrames::battery,
                "ClimateStatus",
                VehicleFrames::climate,
                "Odometer",
                (frame, v) -> frame.setNearest("Odometer", v.motion().metres())
                        .setNearest("TripDistance", v.motion().metres()),
                "TrafficSign",
                (frame, v) -> frame.setNearest(
                                "SpeedLimit", limits.at(v.motion().metres()))
                        .setNearest("SignConfidence", CAMERA_CONFIDENCE)
                        .setNearest("SignKind", LIMIT_SIGN),
                "Environment",
                (frame, v) -> frame.setNearest("OutsideTemperature", v.outsideCelsius())));
    }

    private static void motion(FrameBuilder frame, VirtualVehicle v) {
        frame.setNearest("VehicleSpeed", v.motion().speed() * KMH)
                .setNearest("LongitudinalAcceleration", v.motion().acceleration());
    }

    private static void wheels(FrameBuilder frame, VirtualVehicle v) {
        double speed = v.motion().speed() * KMH;
        for (String wheel : List.of("FL", "FR", "RL", "RR")) {
            frame.setNearest("WheelSpeed" + wheel, speed);
        }
    }

    private static void drive(FrameBuilder frame, VirtualVehicle v) {
        frame.setNearest("AcceleratorPedal", v.pedals().accelerator() * 100)
                .setNearest("MotorPower", v.motion().power() / 1000);
    }

    private static void battery(FrameBuilder frame, VirtualVehicle v) {
        frame.setNearest("StateOfCharge", v.battery().stateOfCharge(v.parameters()) * 100)
                .setNearest("BatteryVoltage", BATTERY_VOLTS)
                .setNearest("BatteryCurrent", v.battery().powerW() / BATTERY_VOLTS);
    }

    private static void climate(FrameBuilder frame, VirtualVehicle v) {
        frame.setNearest("CabinTemperature", v.climate().cabinCelsius())
                .setNearest("DriverSetTemperature", v.hvac().celsius())
                .setNearest("DriverFan", v.hvac().fan() * 100);
    }
}
