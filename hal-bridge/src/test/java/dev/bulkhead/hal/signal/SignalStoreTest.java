package dev.bulkhead.hal.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.hal.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SignalStoreTest {
    private final ManualTime time = new ManualTime();
    private final SignalTree tree = DefaultVehicle.tree();
    private final SignalStore store = new SignalStore(tree, time, time, 10);
    private final int speed = id("Vehicle.Speed");
    private final SignalReading reading = new SignalReading();

    private int id(String path) {
        return tree.find(path).orElseThrow().id();
    }

    private List<Double> drain(SignalSubscription subscription) {
        List<Double> values = new ArrayList<>();
        while (subscription.poll(reading)) {
            values.add(reading.present() ? Double.longBitsToDouble(reading.bits()) : Double.NaN);
        }
        return values;
    }

    private void speedIs(double value) {
        assertTrue(store.publish(speed, value, time.nanos()));
    }

    @Test
    void hasNoValueBeforeTheFirstPublication() {
        SignalCell cell = store.cell(speed);
        assertTrue(Double.isNaN(cell.asDouble()));
        cell.read(reading);
        assertFalse(reading.present());
        assertTrue(reading.stale(time.nanos(), 0));
    }

    @Test
    void attributesHaveTheirDefaultsFromTheStart() {
        assertEquals(
                "ELECTRIC",
                store.cell("Vehicle.Powertrain.Type")
                        .orElseThrow()
                        .value()
                        .orElseThrow()
                        .toString());
    }

    @Test
    void valueAndTimeBelongTogether() {
        speedIs(50);
        time.advanceMillis(600);
        store.cell(speed).read(reading);
        assertEquals(600_000_000, time.nanos() - reading.timeNanos());
        assertTrue(reading.stale(time.nanos(), 500_000_000));
        assertFalse(reading.stale(time.nanos(), 600_000_000));
    }

    @Test
    void refusesValuesTheTypeCannotHold() {
        int fan = id("Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed");
        assertFalse(store.publish(fan, 256L, 0));
        assertFalse(store.publish(fan, 1.5, 0));
        assertFalse(store.publish(speed, Double.NaN, 0));
        assertFalse(store.publish(fan, SignalValue.of("fast"), 0));
        assertTrue(Double.isNaN(store.cell(fan).asDouble()));
    }

    @Test
    void carriesTextsAndArrays() {
        int mode = id("Vehicle.Body.Windshield.Front.Wiping.Mode");
        assertTrue(store.publish(mode, SignalValue.of("SLOW"), time.nanos()));
        assertEquals(SignalValue.of("SLOW"), store.cell(mode).value().orElseThrow());
        assertTrue(Double.isNaN(store.cell(mode).asDouble()));
    }

    @Test
    void latestKeepsOnlyTheLatestChange() {
        AtomicInteger wakes = new AtomicInteger();
        SignalSubscription subscription = store.subscribe(speed, SubscriptionOptions.latest(), wakes::incrementAndGet);
        speedIs(1);
        speedIs(2);
        speedIs(2);
        assertEquals(1, wakes.get());
        assertEquals(List.of(2.0), drain(subscription));
        speedIs(2);
        assertEquals(List.of(), drain(subscription));
        speedIs(3);
        assertEquals(2, wakes.get());
    }

    @Test
    void aFullQueueDropsTheOldestAndSaysSo() {
        SignalSubscription subscription = store.subscribe(speed, SubscriptionOptions.queue(3), () -> {});
        for (int i = 1; i <= 5; i++) {
            speedIs(i);
        }
        assertEquals(2, subscription.dropped());
        assertTrue(subscription.poll(reading));
        assertEquals(2, reading.dropped());
        assertEquals(List.of(4.0, 5.0), drain(subscription));
        assertEquals(0, reading.dropped());
    }

    @Test
    void theMinimumIntervalHoldsTheNewestBackAndThenDeliversIt() {
        SignalSubscription subscription =
                store.subscribe(speed, SubscriptionOptions.queue(8).withMinInterval(100_000_000), () -> {});
        speedIs(1);
        time.advanceMillis(10);
        speedIs(2);
        time.advanceMillis(10);
        speedIs(3);
        assertEquals(List.of(1.0), drain(subscription));
        time.advanceMillis(80);
        assertEquals(List.of(3.0), drain(subscription));
        assertEquals(0, time.waiting());
    }

    @Test
    void theDeadbandMeasuresFromTheLastDeliveryNotTheLastValue() {
        SignalSubscription subscription =
                store.subscribe(speed, SubscriptionOptions.queue(8).withDeadband(1.0), () -> {});
        for (double value : new double[] {10, 10.6, 11.2, 11.4, 10.1}) {
            speedIs(value);
        }
        assertEquals(List.of(10.0, 11.2, 10.1), drain(subscription));
    }

    @Test
    void aWithdrawnValueReachesSubscribersAsMissing() {
        speedIs(5);
        SignalSubscription subscription =
                store.subscribe(speed, SubscriptionOptions.latest().withInitial(true), () -> {});
        assertEquals(List.of(5.0), drain(subscription));
        store.withdraw(speed);
        assertEquals(List.of(Double.NaN), drain(subscription));
        assertTrue(store.cell(speed).value().isEmpty());
    }

    @Test
    void closedSubscriptionsHearNothingAndFreeTheirPlace() {
        for (int i = 0; i < 100; i++) {
            store.subscribe(speed, SubscriptionOptions.latest(), () -> {}).close();
        }
        assertEquals(0, store.subscriptionCount());
    }

    @Test
    void boundsSubscriptions() {
        for (int i = 0; i < 10; i++) {
            store.subscribe(speed, SubscriptionOptions.latest(), () -> {});
        }
        assertThrows(
                SubscriptionLimitException.class, () -> store.subscribe(speed, SubscriptionOptions.latest(), () -> {}));
        assertEquals(10, store.subscriptionCount());
    }

    @Test
    void aReaderThatNeverComesHoldsNoWriter() {
        SignalSubscription asleep = store.subscribe(speed, SubscriptionOptions.queue(4), () -> {});
        for (int i = 0; i < 100_000; i++) {
            speedIs(i);
        }
        assertEquals(4, asleep.waiting());
        assertEquals(99_996, asleep.dropped());
    }

    @Test
    void readersNeverSeeHalfAWrite() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger torn = new AtomicInteger();
        store.publish(speed, 0.0, 0);
        Thread reader = Thread.ofPlatform().start(() -> {
            SignalReading mine = new SignalReading();
            while (done.getCount() > 0) {
                store.cell(speed).read(mine);
                if (Double.longBitsToDouble(mine.bits()) != mine.timeNanos()) {
                    torn.incrementAndGet();
                }
            }
        });
        for (int i = 0; i < 200_000; i++) {
            store.publish(speed, (double) i, i);
        }
        done.countDown();
        reader.join();
        assertEquals(0, torn.get());
    }

    @Test
    void refusesOptionsWithoutSense() {
        assertThrows(IllegalArgumentException.class, () -> SubscriptionOptions.queue(0));
        assertThrows(IllegalArgumentException.class, () -> SubscriptionOptions.queue(1 << 20));
        assertThrows(
                IllegalArgumentException.class,
                () -> SubscriptionOptions.latest().withDeadband(Double.NaN));
        assertThrows(
                IllegalArgumentException.class,
                () -> SubscriptionOptions.latest().withMinInterval(-1));
    }

    @Test
    void sixtyFourUnsignedBitsSurvive() {
        assertTrue(Datatype.UINT64.holds(0x1p63));
        assertEquals(Long.MIN_VALUE, Datatype.UINT64.fromDouble(0x1p63));
        assertEquals(0x1p63, Datatype.UINT64.toDouble(Long.MIN_VALUE));
        assertFalse(Datatype.UINT64.holds(0x1p64));
        assertFalse(Datatype.INT64.holds(0x1p63));
        assertTrue(Datatype.INT64.holds(-0x1p63));
    }
}
