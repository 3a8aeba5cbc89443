package dev.bulkhead.simulator.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class VirtualVehicleTest {
    private static final double DT = 0.01;
    private static final double MPH = 0.44704;

    @Test
    void theUrbanScheduleIsTheOneOfTheRegulation() {
        DriveCycle udds = DriveCycle.udds();
        assertEquals(1369, udds.seconds());
        assertEquals(7.45 * 1609.344, udds.metres(), 10);
        assertEquals(56.7 * MPH, udds.at(240), 1e-9);
        assertEquals(3.0 * MPH, udds.at(21), 1e-9);
        assertEquals(4.45 * MPH, udds.at(21.5), 1e-9);
        assertEquals(0, udds.at(1369), 0);
        assertEquals(0, udds.at(1e9), 0);
    }

    @Test
    void theDriverStaysWithinTheTolerancesOfTheRegulation() {
        // 40 CFR 86.115: within 2 mph of the extremes of the trace one second around
        var vehicle = new VirtualVehicle(VehicleParameters.compactElectric(), DriveCycle.udds(), 10, 0.8);
        DriveCycle udds = DriveCycle.udds();
        for (int i = 0; i < 136_900; i++) {
            double t = i * DT;
            vehicle.step(t, DT);
            double low = Math.min(udds.at(t - 1), Math.min(udds.at(t), udds.at(t + 1))) - 2 * MPH;
            double high = Math.max(udds.at(t - 1), Math.max(udds.at(t), udds.at(t + 1))) + 2 * MPH;
            double speed = vehicle.motion().speed();
            assertTrue(speed >= low && speed <= high, "at " + t + " s: " + speed + " m/s, not " + low + " to " + high);
        }
        assertEquals(udds.metres(), vehicle.motion().metres(), 60);
    }

    @Test
    void anUrbanDriveTakesAPlausibleAmountOfEnergy() {
        var vehicle = drivenFor(1369, 20, 20);
        double kwh = (0.8 * vehicle.parameters().batteryJ() - vehicle.battery().joules()) / 3.6e6;
        double per100Km = kwh / vehicle.motion().metres() * 100_000;
        assertTrue(per100Km > 7 && per100Km < 20, per100Km + " kWh/100 km");
    }

    @Test
    void theHvacWarmsAColdCabinToItsSetPoint() {
        var vehicle = new VirtualVehicle(VehicleParameters.compactElectric(), DriveCycle.constant(0, 900), -5, 0.8);
        vehicle.set(new HvacSettings(21, 0.8));
        double before = vehicle.climate().cabinCelsius();
        for (int i = 0; i < 90_000; i++) {
            vehicle.step(i * DT, DT);
        }
        assertEquals(-5, before, 1e-9);
        assertEquals(21, vehicle.climate().cabinCelsius(), 1.5);
    }

    @Test
    void brakingRecuperates() {
        var braking = new Motion(0, 20, 0, 0, 0).step(VehicleParameters.compactElectric(), new Pedals(0, 0.1), 0, DT);
        assertTrue(braking.tractionN() < 0);
        assertTrue(braking.speed() < 20);
        var battery = new Battery(1e6, 0).step(VehicleParameters.compactElectric(), braking.power(), 0, DT);
        assertTrue(battery.joules() > 1e6);
    }

    @Test
    void aStandingVehicleDoesNotRollBackwards() {
        var standing = Motion.STANDING.step(VehicleParameters.compactElectric(), new Pedals(0, 1), 0, DT);
        assertEquals(0, standing.speed(), 0);
    }

    @Test
    void theSameDriveGivesTheSameBits() {
        assertEquals(
                Double.doubleToLongBits(drivenFor(300, 5, 22).battery().joules()),
                Double.doubleToLongBits(drivenFor(300, 5, 22).battery().joules()));
    }

    @Test
    void refusesAVehicleThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new VehicleParameters(0, 1, 1, 1, 1, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Pedals(1.1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Pedals(0, Double.NaN));
    }

    private static VirtualVehicle drivenFor(int seconds, double outside, double set) {
        var vehicle = new VirtualVehicle(VehicleParameters.compactElectric(), DriveCycle.udds(), outside, 0.8);
        vehicle.set(new HvacSettings(set, 0.3));
        for (int i = 0; i < seconds * 100; i++) {
            vehicle.step(i * DT, DT);
        }
        return vehicle;
    }
}
