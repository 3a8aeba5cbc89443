package dev.bulkhead.agent.main;

/** An app that sets the fan to a quarter of the speed, and the drive it follows. */
final class FanApp {
    static final String ID = "com.acme.fan";
    static final String SIGNAL = AgentStoryTest.FAN;
    static final byte[] MODULE = TestVehicle.wat(AgentStoryTest.FAN_FOLLOWS_SPEED);

    private FanApp() {}

    static String manifest(int release) {
        return AgentStoryTest.manifest(ID, release + ".0.0", release, AgentStoryTest.FAN_GRANTS);
    }

    /** The speed changes, and two seconds pass. */
    static void drive(TestVehicle vehicle, double speed) {
        vehicle.publish("Vehicle.Speed", speed);
        vehicle.world.run(2_000);
    }

    static String version(TestVehicle vehicle) {
        return vehicle.app(ID).slot().active().orElseThrow().release().version();
    }
}
