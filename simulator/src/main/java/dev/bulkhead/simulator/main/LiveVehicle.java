package dev.bulkhead.simulator.main;

import dev.bulkhead.agent.main.RoadAgent;
import dev.bulkhead.agent.main.RoadSettings;
import dev.bulkhead.agent.tools.ToolPorts;
import dev.bulkhead.contract.pack.AppPackage;
import dev.bulkhead.hal.can.mapping.GuardedFrames;
import dev.bulkhead.hal.driver.Driver;
import dev.bulkhead.hal.signal.DefaultVehicle;
import dev.bulkhead.hal.signal.SignalTree;
import dev.bulkhead.security.policy.ActuatorFrames;
import dev.bulkhead.security.policy.VehiclePolicy;
import dev.bulkhead.simulator.bus.SimulatedVehicle;
import dev.bulkhead.simulator.dynamics.DriveCycle;
import dev.bulkhead.simulator.dynamics.VehicleParameters;
import dev.bulkhead.simulator.dynamics.VirtualVehicle;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A virtual vehicle in real time with the real agent in it and no fleet: for tools to attach to. It needs no keys and trusts no vendor. */
public final class LiveVehicle {
    private static final String ID = "virtual-vehicle";
    private static final double OUTSIDE_CELSIUS = 5;
    private static final double START_OF_CHARGE = 0.8;

    private LiveVehicle() {}

    /**
     * Starts driving.
     *
     * @param tools the doors it has
     * @param dataDir for the agent's store and log; of use to nobody afterwards
     * @throws RuntimeException saying which file or port cannot be used; nothing runs then
     */
    public static RoadAgent start(DriveCycle cycle, ToolPorts tools, Path dataDir, SecureRandom random) {
        VirtualVehicle vehicle =
                new VirtualVehicle(VehicleParameters.compactElectric(), cycle, OUTSIDE_CELSIUS, START_OF_CHARGE);
        return start(
                DefaultVehicle.tree(),
                GuardedFrames.ofDefaultVehicle(),
                List.of(new SimulatedVehicle(vehicle)),
                tools,
                dataDir,
                random);
    }

    /**
     * Starts a vehicle of other signals and drivers.
     *
     * @param frames which CAN frames carry actuators
     * @param drivers started in this order
     * @throws RuntimeException saying which file, port or driver cannot be used; nothing runs then
     */
    public static RoadAgent start(
            SignalTree tree,
            ActuatorFrames frames,
            List<Driver> drivers,
            ToolPorts tools,
            Path dataDir,
            SecureRandom random) {
        return start(VehiclePolicy.demo(), tree, frames, drivers, tools, List.of(), dataDir, random);
    }

    /**
     * Starts a vehicle of an own policy with apps in it, signed on the spot by the vendors the policy names, without doors for tools.
     *
     * @param apps unsigned
     * @throws IllegalStateException saying which app was refused and why; nothing runs then
     * @throws RuntimeException saying which file, port or driver cannot be used; nothing runs then
     */
    public static RoadAgent start(
            VehiclePolicy policy,
            SignalTree tree,
            ActuatorFrames frames,
            List<Driver> drivers,
            List<AppPackage> apps,
            Path dataDir,
            SecureRandom random) {
        return start(policy, tree, frames, drivers, ToolPorts.none(), apps, dataDir, random);
    }

    private static RoadAgent start(
            VehiclePolicy policy,
            SignalTree tree,
            ActuatorFrames frames,
            List<Driver> drivers,
            ToolPorts tools,
            List<AppPackage> apps,
            Path dataDir,
            SecureRandom random) {
        VirtualVendors vendors = new VirtualVendors(policy, InstantSource.system(), random);
        RoadAgent agent = RoadAgent.start(new RoadSettings(
                        ID,
                        "0.1.0",
                        dataDir,
                        tree,
                        policy,
                        frames,
                        vendors.trust(),
                        drivers,
                        Optional.empty(),
                        0,
                        Optional.empty())
                .with(tools));
        try {
            for (AppPackage app : apps) {
                vendors.install(app, agent.agent(), dataDir);
            }
        } catch (RuntimeException e) {
            agent.close();
            throw e;
        }
        return agent;
    }
}
