package dev.bulkhead.cli.bench;

import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalCell;
import dev.bulkhead.hal.signal.SignalReading;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalSubscription;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.SubscriptionOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reading a signal, and publishing to the queues of a hundred subscribers. */
final class SignalBench {
    private static final int SUBSCRIBERS = 100;
    private static final int PUBLICATIONS = 200_000;

    private SignalBench() {}

    static Measurement reads() {
        try (BenchTime time = new BenchTime()) {
            SignalTree tree = DefaultVehicle.tree();
            SignalStore store = new SignalStore(tree, time, time, 10);
            SignalCell speed = store.cell("Vehicle.Speed").orElseThrow();
            store.publish(speed.leaf().id(), 50.0, time.nanos());
            double sum = reading(speed, 50_000_000);
            long begin = System.nanoTime();
            sum += reading(speed, 200_000_000);
            double nanos = (System.nanoTime() - begin) / 200e6;
            return new Measurement(
                    "signal read, host side",
                    nanos,
                    "ns",
                    15,
                    false,
                    "value as f64, consistent" + (sum < 0 ? "!" : ""));
        }
    }

    private static double reading(SignalCell cell, int times) {
        double sum = 0;
        for (int i = 0; i < times; i++) {
            sum += cell.asDouble();
        }
        return sum;
    }

    static List<Measurement> deliveries() throws InterruptedException {
        try (BenchTime time = new BenchTime()) {
            SignalTree tree = DefaultVehicle.tree();
            SignalStore store = new SignalStore(tree, time, time, SUBSCRIBERS);
            int speed = tree.find("Vehicle.Speed").orElseThrow().id();
            List<SignalSubscription> subscriptions = new ArrayList<>();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                subscriptions.add(store.subscribe(speed, SubscriptionOptions.queue(64), () -> {}));
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> read(subscriptions, done));
            publish(store, speed, PUBLICATIONS / 4);
            long begin = System.nanoTime();
            long[] each = publish(store, speed, PUBLICATIONS);
            double perSecond = (double) PUBLICATIONS * SUBSCRIBERS * 1e9 / (System.nanoTime() - begin);
            done.set(true);
            reader.join();
            Arrays.sort(each);
            double p99 = each[(int) (each.length * 0.99)] / 1e3;
            String how = SUBSCRIBERS + " queues of 64, emptied by another thread";
            return List.of(
                    new Measurement("deliveries to subscribers' queues", perSecond, "deliveries/s", 1e6, true, how),
                    new Measurement("one publication to all queues, p99", p99, "µs", 200, false, how));
        }
    }

    private static long[] publish(SignalStore store, int id, int times) {
        long[] each = new long[times];
        for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            store.publish(id, (double) i, i);
            each[i] = System.nanoTime() - begin;
        }
        return each;
    }

    private static void read(List<SignalSubscription> subscriptions, AtomicBoolean done) {
        SignalReading reading = new SignalReading();
        while (!done.get()) {
            for (SignalSubscription subscription : subscriptions) {
                while (subscription.poll(reading)) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
