package dev.bulkhead.hal.actuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.CapabilityParser;
import dev.bulkhead.contract.capability.SignalActuate;
import dev.bulkhead.hal.actuation.ActuationRecord.Kind;
import dev.bulkhead.hal.signal.Datatype;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalStore;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every rule of the actuation contract, each with somebody who tries to get round it. */
class ActuatorBoardTest {
    private static final String TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature";
    private static final String FAN = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed";
    private static final String TRUNK = "Vehicle.Body.Trunk.Rear.IsOpen";
    private static final String WIPER = "Vehicle.Body.Windshield.Front.Wiping.Mode";
    private static final long SECOND = 1_000_000_000;

    private final ManualTime time = new ManualTime();
    private final SignalTree tree = DefaultVehicle.tree();
    private final SignalStore store = new SignalStore(tree, time, time, 1000);
    private final List<ActuationRecord> log = new ArrayList<>();
    private final List<String> driver = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();
    private boolean logFull;
    private boolean driverReady = true;
    private String driverBreaksAt = "";

    private final ActuatorBoard board = new ActuatorBoard(store, time, time, new ActuationListener() {
        @Override
        public void happened(ActuationRecord event) {
            log.add(event);
        }

        @Override
        public boolean canRecord() {
            return !logFull;
        }
    });

    private final ActuatorSink sink = new ActuatorSink() {
        @Override
        public boolean ready(SignalLeaf actuator) {
            return driverReady;
        }

        @Override
        public boolean apply(SignalLeaf actuator, SignalValue value) {
            if (actuator.path().equals(driverBreaksAt)) {
                return false;
            }
            driver.add(last(actuator) + "=" + value);
            return true;
        }

        @Override
        public void release(SignalLeaf actuator) {
            driver.add(last(actuator) + " released");
        }
    };

    ActuatorBoardTest() {
        tree.leaves().forEach(leaf -> board.attach(leaf, sink));
    }

    private static String last(SignalLeaf leaf) {
        return leaf.path().substring(leaf.path().lastIndexOf('.') + 1);
    }

    private SignalLeaf leaf(String path) {
        return tree.find(path).orElseThrow();
    }

    private static SignalActuate grant(String path, String limits) {
        return (SignalActuate)
                CapabilityParser.parse("signal " + path + " actuate " + limits).capability();
    }

    private ActuatorClaim claim(String app, String path, String limits) {
        ActuatorOwner owner = new ActuatorOwner(app, 1);
        return board.claim(
                leaf(path),
                owner,
                grant(path, limits),
                (actuator, cause) -> losses.add(app + " lost " + last(actuator) + ": " + cause));
    }

    private void speedIs(double kmh) {
        store.publish(leaf("Vehicle.Speed").id(), kmh, time.nanos());
    }

    private ActuatorView view(String path) {
        return board.view(leaf(path).id()).orElseThrow();
    }

    @Test
    void setsWithoutOwningAreRefused() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "");
        assertEquals(ActuationOutcome.LEASE, claim.set(20.0));
        assertEquals(List.of(), driver);
    }

    @Test
    void theOwnerSets() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "priority=10");
        assertEquals(ActuationOutcome.OK, claim.acquire(10, SECOND));
        assertEquals(ActuationOutcome.OK, claim.set(20.0));
        assertEquals(List.of("Temperature=20.0"), driver);
        assertEquals("a#1", view(TEMPERATURE).owner().orElseThrow().toString());
        assertEquals("set", view(TEMPERATURE).lastReason());
    }

    @Test
    void asksForNoHigherPriorityThanGranted() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "priority=10");
        assertEquals(ActuationOutcome.PERM, claim.acquire(11, SECOND));
        assertEquals(ActuationOutcome.INVAL, claim.acquire(-1, SECOND));
        assertEquals(ActuationOutcome.INVAL, claim.acquire(101, SECOND));
        assertEquals(ActuationOutcome.PERM, claim("b", TEMPERATURE, "").acquire(1, SECOND));
    }

    @Test
    void theSamePriorityDoesNotTakeOver() {
        assertTrue(claim("a", TEMPERATURE, "priority=10").acquire(10, SECOND).done());
        ActuatorClaim late = claim("b", TEMPERATURE, "priority=10");
        assertEquals(ActuationOutcome.BUSY, late.acquire(10, SECOND));
        assertEquals(ActuationOutcome.BUSY, late.set(20.0));
        assertEquals("BUSY for b#1", view(TEMPERATURE).lastRefusal());
    }

    @Test
    void aHigherPriorityTakesOverAndTheLoserIsTold() {
        ActuatorClaim low = claim("low", TEMPERATURE, "priority=10 failsafe=21");
        low.acquire(10, SECOND);
        ActuatorClaim high = claim("high", TEMPERATURE, "priority=20");
        assertEquals(ActuationOutcome.OK, high.acquire(20, SECOND));
        assertEquals(List.of("low lost Temperature: taken over by a higher priority"), losses);
        assertEquals(List.of(), driver, "no failsafe: the new owner drives");
        assertEquals(ActuationOutcome.BUSY, low.set(20.0));
        assertEquals(ActuationOutcome.BUSY, low.renew());
        assertEquals(ActuationOutcome.BUSY, low.acquire(10, SECOND));
    }

    @Test
    void loweringThePriorityLaterLetsOthersIn() {
        ActuatorClaim first = claim("a", TEMPERATURE, "priority=50");
        first.acquire(50, SECOND);
        first.acquire(5, SECOND);
        assertEquals(ActuationOutcome.OK, claim("b", TEMPERATURE, "priority=6").acquire(6, SECOND));
    }

    @Test
    void aLeaseEndsByItselfAndTheHostAppliesTheFailsafeOnce() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "lease<=500ms failsafe=21");
        assertEquals(ActuationOutcome.CLAMPED, claim.acquire(0, 10 * SECOND));
        claim.set(25.0);
        time.advanceMillis(499);
        assertEquals(1, driver.size());
        time.advanceMillis(1);
        assertEquals(List.of("Temperature=25.0", "Temperature=21.0"), driver);
        assertEquals(List.of("a lost Temperature: lease expired"), losses);
        time.advanceMillis(5_000);
        claim.set(26.0);
        claim.renew();
        claim.release();
        board.ownerGone(claim.owner(), LossCause.CRASHED);
        assertEquals(2, driver.size());
        assertEquals(1, view(TEMPERATURE).failsafes());
        assertEquals("failsafe: lease expired", view(TEMPERATURE).lastReason());
        assertEquals(ActuationOutcome.LEASE, claim.set(26.0));
    }

    @Test
    void renewingKeepsALeaseButNeverRevivesOne() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "lease<=500ms");
        claim.acquire(0, SECOND);
        for (int i = 0; i < 10; i++) {
            time.advanceMillis(400);
            assertEquals(ActuationOutcome.OK, claim.renew());
        }
        time.advanceMillis(500);
        assertEquals(ActuationOutcome.LEASE, claim.renew());
    }

    @Test
    void aLeaseEndsEvenIfNoTimerHasRunYet() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "lease<=500ms failsafe=21");
        claim.acquire(0, SECOND);
        List<ActuationOutcome> inTimer = new ArrayList<>();
        time.at(time.nanos() + 500_000_000 - 1, () -> inTimer.add(claim.set(22.0)));
        time.at(time.nanos() + 500_000_000, () -> inTimer.add(claim.set(23.0)));
        time.advanceMillis(500);
        assertEquals(List.of(ActuationOutcome.OK, ActuationOutcome.LEASE), inTimer);
        assertEquals(List.of("Temperature=22.0", "Temperature=21.0"), driver);
    }

    @Test
    void nothingOutsideTheGrantedRangeIsSent() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "range=18..24");
        claim.acquire(0, SECOND);
        for (double value : new double[] {17.999, 24.001, -1e300, Double.POSITIVE_INFINITY}) {
            assertEquals(ActuationOutcome.RANGE, claim.set(value), () -> "" + value);
        }
        assertEquals(ActuationOutcome.TYPE, claim.set(Double.NaN));
        assertEquals(ActuationOutcome.TYPE, claim.set(SignalValue.of("20")));
        assertEquals(List.of(), driver);
    }

    @Test
    void theSignalsOwnRangeHoldsWhereTheGrantIsWider() {
        ActuatorClaim claim = claim("a", TEMPERATURE, "range=0..100");
        claim.acquire(0, SECOND);
        assertEquals(ActuationOutcome.RANGE, claim.set(29.0));
        ActuatorClaim wiper = claim("a", WIPER, "");
        wiper.acquire(0, SECOND);
        assertEquals(ActuationOutcome.RANGE, wiper.set(SignalValue.of("LUDICROUS")));
        assertEquals(ActuationOutcome.OK, wiper.set(SignalValue.of("SLOW")));
    }

    @Test
    void aRangeOnATextAllowsNothing() {
        ActuatorClaim wiper = claim("a", WIPER, "range=0..1");
        wiper.acquire(0, SECOND);
        assertEquals(ActuationOutcome.RANGE, wiper.set(SignalValue.of("SLOW")));
    }

    @Test
    void wholeNumbersStayWhole() {
        ActuatorClaim claim = claim("a", FAN, "");
        claim.acquire(0, SECOND);
        assertEquals(ActuationOutcome.TYPE, claim.set(10.5));
        assertEquals(ActuationOutcome.RANGE, claim.set(256L));
        assertEquals(ActuationOutcome.RANGE, claim.set(-1L));
        assertEquals(ActuationOutcome.OK, claim.set(10.0));
    }

    @Test
    void slewIsClampedAndTheAppIsTold() {
        ActuatorClaim claim = claim("a", FAN, "slew<=10/s");
        claim.acquire(0, 100 * SECOND);
        assertEquals(ActuationOutcome.OK, claim.set(20L), "nobody knew where it stood");
        time.advanceMillis(500);
        assertEquals(ActuationOutcome.CLAMPED, claim.set(100L));
        assertEquals(List.of("FanSpeed=20", "FanSpeed=25"), driver);
    }

    @Test
    void waitingDoesNotEarnAJump() {
        ActuatorClaim claim = claim("a", FAN, "slew<=10/s");
        claim.acquire(0, 1000 * SECOND);
        claim.set(20L);
        time.advanceMillis(60_000);
        claim.set(100L);
        assertEquals("FanSpeed=30", driver.getLast());
    }

    @Test
    void acquiringAgainDoesNotForgetThePosition() {
        ActuatorClaim claim = claim("a", FAN, "slew<=10/s");
        claim.acquire(0, SECOND);
        claim.set(20L);
        claim.release();
        ActuatorClaim again = claim("a", FAN, "slew<=10/s");
        again.acquire(0, SECOND);
        time.advanceMillis(100);
        again.set(90L);
        assertEquals("FanSpeed=21", driver.getLast());
    }

    @Test
    void manySmallStepsAreNoFaster() {
        ActuatorClaim claim = claim("a", FAN, "slew<=10/s");
        claim.acquire(0, 100 * SECOND);
        claim.set(0L);
        for (int i = 0; i < 1000; i++) {
            time.advanceMillis(1);
            claim.set(100L);
        }
        assertEquals("FanSpeed=10", driver.getLast());
    }

    @Test
    void theFirstCommandStartsFromWhereTheVehicleSaysItStands() {
        store.publish(leaf(FAN).id(), 50L, time.nanos());
        ActuatorClaim claim = claim("a", FAN, "slew<=10/s");
        claim.acquire(0, SECOND);
        time.advanceMillis(500);
        claim.set(100L);
        assertTrue(driver.getLast().equals("FanSpeed=50") || driver.getLast().equals("FanSpeed=55"), driver::toString);
    }

    @Test
    void tooFastIsRefusedAndCostsNothing() {
        ActuatorClaim claim = claim("a", FAN, "rate<=10Hz");
        claim.acquire(0, 100 * SECOND);
        int done = 0;
        for (int i = 0; i < 1000; i++) {
            done += claim.set(i % 100).done() ? 1 : 0;
            time.advanceMillis(1);
        }
        assertTrue(done >= 10 && done <= 11, done + " in a second");
        assertEquals("RATE for a#1", view(FAN).lastRefusal());
    }

    @Test
    void newHandlesBringNoNewRate() {
        int done = 0;
        for (int i = 0; i < 100; i++) {
            ActuatorClaim claim = claim("a", FAN, "rate<=1Hz");
            claim.acquire(0, SECOND);
            done += claim.set(1L).done() ? 1 : 0;
            claim.close();
        }
        assertEquals(1, done);
    }

    @Test
    void aConditionThatDoesNotHoldLetsNobodyAcquire() {
        ActuatorClaim claim = claim("a", TRUNK, "when \"Vehicle.Speed == 0 && age(Vehicle.Speed) < 500ms\"");
        assertEquals(ActuationOutcome.COND, claim.acquire(0, SECOND), "no value yet");
        speedIs(10);
        assertEquals(ActuationOutcome.COND, claim.acquire(0, SECOND));
        speedIs(0);
        assertEquals(ActuationOutcome.OK, claim.acquire(0, SECOND));
    }

    @Test
    void aConditionThatTurnsFalseTakesTheActuatorAwayAtOnce() {
        ActuatorClaim claim =
                claim("a", TRUNK, "failsafe=false when \"Vehicle.Speed == 0 && age(Vehicle.Speed) < 500ms\"");
        speedIs(0);
        claim.acquire(0, 100 * SECOND);
        claim.set(1L);
        speedIs(3);
        time.advance(1);
        assertEquals(List.of("IsOpen=true", "IsOpen=false"), driver);
        assertEquals(List.of("a lost IsOpen: condition no longer holds"), losses);
        speedIs(0);
        assertEquals(ActuationOutcome.LEASE, claim.set(1L), "it has to acquire again");
        assertEquals(1, view(TRUNK).failsafes());
    }

    @Test
    void aSetRightAfterTheConditionTurnedIsRefusedThoughNoSweepHasRun() {
        ActuatorClaim claim = claim("a", TRUNK, "failsafe=false when \"Vehicle.Speed == 0\"");
        speedIs(0);
        claim.acquire(0, SECOND);
        speedIs(3);
        assertEquals(ActuationOutcome.COND, claim.set(1L));
        assertEquals(List.of("IsOpen=false"), driver);
    }

    @Test
    void aConditionOnAnAgeTurnsFalseWithoutAnyNews() {
        ActuatorClaim claim =
                claim("a", TRUNK, "failsafe=false when \"Vehicle.Speed == 0 && age(Vehicle.Speed) < 300ms\"");
        speedIs(0);
        claim.acquire(0, 100 * SECOND);
        time.advanceMillis(330);
        assertEquals(List.of("IsOpen=false"), driver);
    }

    @Test
    void quietBoardsWatchNothing() {
        ActuatorClaim claim = claim("a", TRUNK, "when \"Vehicle.Speed == 0\"");
        speedIs(0);
        claim.acquire(0, SECOND);
        for (int i = 0; i < 50; i++) {
            speedIs(0);
            time.advanceMillis(1);
            claim.renew();
        }
        assertTrue(time.waiting() <= 2, () -> time.waiting() + " timers");
        claim.release();
        assertEquals(0, store.subscriptionCount());
        time.advanceMillis(2_000);
        assertEquals(0, time.waiting());
    }

    @Test
    void deathOfTheOwnerAppliesEveryFailsafeOnce() {
        for (LossCause cause : List.of(LossCause.CRASHED, LossCause.KILLED, LossCause.SWAP_FAILED)) {
            driver.clear();
            ActuatorClaim fan = claim("a", FAN, "failsafe=30");
            ActuatorClaim heat = claim("a", TEMPERATURE, "failsafe=release");
            fan.acquire(0, SECOND);
            heat.acquire(0, SECOND);
            board.ownerGone(fan.owner(), cause);
            board.ownerGone(fan.owner(), cause);
            assertEquals(List.of("FanSpeed=30", "Temperature released"), driver);
        }
    }

    @Test
    void holdKeepsTheLastValueForAWhileThenReleases() {
        ActuatorClaim claim = claim("a", FAN, "failsafe=hold:300ms");
        claim.acquire(0, SECOND);
        claim.set(40L);
        board.ownerGone(claim.owner(), LossCause.CRASHED);
        time.advanceMillis(299);
        assertEquals(List.of("FanSpeed=40"), driver);
        time.advanceMillis(1);
        assertEquals(List.of("FanSpeed=40", "FanSpeed released"), driver);
        time.advanceMillis(5_000);
        assertEquals(2, driver.size());
    }

    @Test
    void aNewOwnerEndsTheHold() {
        ActuatorClaim claim = claim("a", FAN, "failsafe=hold:300ms");
        claim.acquire(0, SECOND);
        board.ownerGone(claim.owner(), LossCause.CRASHED);
        claim("b", FAN, "").acquire(0, SECOND);
        time.advanceMillis(400);
        assertEquals(List.of(), driver);
    }

    @Test
    void aFailsafeTheActuatorCannotTakeIsRefusedBeforeItIsNeeded() {
        for (String failsafe : List.of("failsafe=300", "failsafe=1.5", "failsafe='on'", "failsafe=101")) {
            assertThrows(ActuationException.class, () -> claim("a", FAN, failsafe), failsafe);
        }
    }

    @Test
    void sensorsCannotBeClaimed() {
        assertThrows(ActuationException.class, () -> claim("a", "Vehicle.Speed", ""));
    }

    @Test
    void aBatchIsAllOrNothing() {
        ActuatorClaim fan = claim("a", FAN, "range=0..50");
        ActuatorClaim heat = claim("a", TEMPERATURE, "");
        fan.acquire(0, SECOND);
        heat.acquire(0, SECOND);
        assertEquals(
                ActuationOutcome.RANGE,
                board.setAll(List.of(new Setpoint(heat, temperature(22)), new Setpoint(fan, fan(60)))));
        assertEquals(List.of(), driver);
        assertEquals(
                ActuationOutcome.OK,
                board.setAll(List.of(new Setpoint(heat, temperature(22)), new Setpoint(fan, fan(50)))));
        assertEquals(2, driver.size());
    }

    @Test
    void aBatchThatBreaksInTheDriverIsTakenBack() {
        ActuatorClaim fan = claim("a", FAN, "");
        ActuatorClaim heat = claim("a", TEMPERATURE, "");
        fan.acquire(0, SECOND);
        heat.acquire(0, SECOND);
        heat.set(20.0);
        driverBreaksAt = FAN;
        assertEquals(
                ActuationOutcome.NODEV,
                board.setAll(List.of(new Setpoint(heat, temperature(22)), new Setpoint(fan, fan(60)))));
        assertEquals("Temperature=20.0", driver.getLast());
        assertEquals("20.0", view(TEMPERATURE).lastValue().orElseThrow().toString());
    }

    @Test
    void aBatchCannotNameOneActuatorTwiceToDodgeTheSlew() {
        ActuatorClaim fan = claim("a", FAN, "slew<=1/s");
        fan.acquire(0, SECOND);
        assertEquals(
                ActuationOutcome.INVAL, board.setAll(List.of(new Setpoint(fan, fan(1)), new Setpoint(fan, fan(2)))));
    }

    private static SignalValue temperature(double value) {
        return new SignalValue.Scalar(Datatype.FLOAT, Double.doubleToRawLongBits(value));
    }

    private static SignalValue fan(long value) {
        return new SignalValue.Scalar(Datatype.UINT8, value);
    }

    @Test
    void aWithdrawnGrantTakesTheActuatorAway() {
        ActuatorClaim claim = claim("a", FAN, "failsafe=30");
        claim.acquire(0, SECOND);
        claim.regrant(Optional.empty());
        assertEquals(List.of("FanSpeed=30"), driver);
        assertEquals(List.of("a lost FanSpeed: grant withdrawn"), losses);
        assertEquals(ActuationOutcome.PERM, claim.acquire(0, SECOND));
        assertEquals(ActuationOutcome.PERM, claim.set(1L));
    }

    @Test
    void aNarrowerGrantHoldsAtOnce() {
        ActuatorClaim claim = claim("a", FAN, "range=0..100 lease<=10000ms priority=50");
        claim.acquire(50, 10 * SECOND);
        claim.regrant(Optional.of(grant(FAN, "range=0..20 lease<=500ms priority=5")));
        assertEquals(ActuationOutcome.RANGE, claim.set(21L));
        assertEquals(5, view(FAN).priority());
        time.advanceMillis(500);
        assertEquals(ActuationOutcome.LEASE, claim.set(20L));
    }

    @Test
    void theNextVersionInheritsWithoutAGap() {
        ActuatorClaim old = claim("a", FAN, "failsafe=30 priority=9");
        old.acquire(9, SECOND);
        ActuatorClaim heat = claim("a", TEMPERATURE, "failsafe=20");
        heat.acquire(0, SECOND);
        ActuatorOwner next = new ActuatorOwner("a", 2);
        ActuatorClaim heir = board.claim(leaf(FAN), next, grant(FAN, "priority=9"), (actuator, cause) -> {});
        assertEquals(ActuationOutcome.BUSY, heir.set(1L));
        board.handOver(old.owner(), List.of(heir));
        assertEquals(ActuationOutcome.OK, heir.set(1L));
        assertEquals(ActuationOutcome.BUSY, old.set(2L));
        assertEquals(List.of("Temperature=20.0", "FanSpeed=1"), driver);
        assertEquals(List.of("a lost Temperature: swap failed"), losses);
    }

    @Test
    void closedClaimsDoNothing() {
        ActuatorClaim claim = claim("a", FAN, "");
        claim.acquire(0, SECOND);
        claim.close();
        claim.close();
        assertEquals(List.of("FanSpeed released"), driver);
        assertEquals(ActuationOutcome.BADH, claim.acquire(0, SECOND));
        assertEquals(ActuationOutcome.BADH, claim.set(1L));
    }

    @Test
    void withoutADriverNothingMoves() {
        ActuatorClaim claim = claim("a", FAN, "");
        claim.acquire(0, SECOND);
        driverReady = false;
        assertEquals(ActuationOutcome.NODEV, claim.set(1L));
        board.detach(leaf(FAN));
        assertEquals(ActuationOutcome.NODEV, claim.set(1L));
        assertEquals(ActuationOutcome.NODEV, claim("b", FAN, "priority=9").acquire(9, SECOND));
    }

    @Test
    void nothingMovesUnrecordedButFailsafesStillWork() {
        ActuatorClaim claim = claim("a", FAN, "failsafe=30");
        claim.acquire(0, SECOND);
        logFull = true;
        assertEquals(ActuationOutcome.NOSPC, claim.set(1L));
        assertEquals(ActuationOutcome.NOSPC, claim.acquire(0, SECOND));
        time.advanceMillis(1_000);
        assertEquals(List.of("FanSpeed=30"), driver);
    }

    @Test
    void everythingIsToldInOrder() {
        ActuatorClaim claim = claim("a", FAN, "range=0..50 failsafe=30 lease<=500ms");
        claim.acquire(0, 500_000_000);
        claim.set(40L);
        claim.set(60L);
        time.advanceMillis(500);
        assertEquals(
                List.of(Kind.ACQUIRE, Kind.SET, Kind.SET, Kind.LOST, Kind.FAILSAFE),
                log.stream().map(ActuationRecord::kind).toList());
        assertEquals(ActuationOutcome.RANGE, log.get(2).outcome());
        assertEquals("60", log.get(2).requested().orElseThrow().toString());
        assertTrue(log.get(2).applied().isEmpty());
        assertEquals("30", log.get(4).applied().orElseThrow().toString());
        assertEquals("value: lease expired", log.get(4).detail());
    }

    @Test
    void theBoardReleasesEverythingWhenItCloses() {
        claim("a", FAN, "failsafe=30").acquire(0, SECOND);
        board.close();
        assertEquals(List.of("FanSpeed=30"), driver);
        assertEquals(0, time.waiting());
    }
}
