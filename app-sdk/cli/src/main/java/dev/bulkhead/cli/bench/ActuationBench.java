package dev.bulkhead.cli.bench;

import dev.bulkhead.contract.capability.CapabilityParser;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationRecord;
import dev.bulkhead.hal.actuation.ActuatorBoard;
import dev.bulkhead.hal.actuation.ActuatorClaim;
import dev.bulkhead.hal.actuation.ActuatorOwner;
import dev.bulkhead.hal.actuation.ActuatorSink;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalValue;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** One actuator command from the host's call to the driver, its record queued for the audit log. */
final class ActuationBench {
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final int COMMANDS = 400_000;

    private ActuationBench() {}

    /** A driver that only remembers. */
    private static final class Remembering implements ActuatorSink {
        private long sum;

        @Override
        public boolean ready(SignalLeaf actuator) {
            return true;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            sum += ((SignalValue.Scalar) value).bits();
            return true;
        }

        @Override
        public void release(SignalLeaf actuator) {
            sum = 0;
        }
    }

    static Measurement run() {
        try (BenchTime time = new BenchTime()) {
            SignalStore store = new SignalStore(DefaultVehicle.tree(), time, time, 100);
            BlockingQueue<ActuationRecord> audit = new ArrayBlockingQueue<>(1_024);
            ActuatorBoard board = new ActuatorBoard(store, time, time, event -> queue(audit, event));
            SignalLeaf fan = store.tree().find(FAN).orElseThrow();
            SignalLeaf speed = store.tree().find("Vehicle.Speed").orElseThrow();
            Remembering driver = new Remembering();
            board.attach(fan, driver);
            SignalActuate grant = (SignalActuate) CapabilityParser.parse(
                            "signal " + FAN
                                    + " actuate range=0..100 slew<=1000000/s rate<=1000000Hz lease<=600000ms when \"Vehicle.Speed < 200\"")
                    .capability();
            ActuatorClaim claim = board.claim(fan, new ActuatorOwner("com.bench.app", 1), grant, (leaf, cause) -> {});
            long[] each = new long[COMMANDS];
            store.publish(speed.id(), 50.0, time.nanos());
            claim.acquire(0, 600_000_000_000L);
            for (int i = 0; i < COMMANDS; i++) {
                if (i % 4_096 == 0) {
                    store.publish(speed.id(), 50.0, time.nanos());
                }
                long begin = System.nanoTime();
                claim.set(i % 100);
                each[i] = System.nanoTime() - begin;
            }
            board.close();
            long[] steady = Arrays.copyOfRange(each, COMMANDS / 4, COMMANDS);
            Arrays.sort(steady);
            String how = "range, slew, rate, lease and a condition checked" + (driver.sum < 0 ? "!" : "");
            return new Measurement(
                    "actuator command to driver, record queued, median",
                    steady[steady.length / 2] / 1e3,
                    "µs",
                    5,
                    false,
                    how);
        }
    }

    private static void queue(BlockingQueue<ActuationRecord> audit, ActuationRecord event) {
        while (!audit.offer(event)) {
            audit.poll();
        }
    }
}
