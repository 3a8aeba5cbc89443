package dev.bulkhead.agent.main;

import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalValue;
import dev.bulkhead.hal.time.VehicleClock;

/** An app that sets the fan every 10 ms, and reads what others send it; the driver behind the fan remembers when. */
final class HonestNeighbour extends TestVehicle.Recorder {
    static final String APP = "com.acme.honest";

    private static final String MODULE = """
        (module
          (import "hal" "signal_open" (func $open (param i32 i32 i32) (result i32)))
          (import "hal" "actuator_acquire" (func $acquire (param i32 i32 i32) (result i32)))
          (import "hal" "actuator_set_f64" (func $set (param i32 f64) (result i32)))
          (import "app" "timer_set" (func $timer (param i32 i32 i32) (result i32)))
          (import "app" "msg_subscribe" (func $hear (param i32 i32) (result i32)))
          (import "app" "msg_recv" (func $recv (param i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 16) "topic")
          (data (i32.const 64) "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed")
          (global $fan (mut i32) (i32.const 0))
          (global $n (mut i32) (i32.const 0))
          (func (export "alloc") (param i32) (result i32) (i32.const 1024))
          (func (export "on_start") (result i32)
            (global.set $fan (call $open (i32.const 64) (i32.const 47) (i32.const 2)))
            (drop (call $acquire (global.get $fan) (i32.const 10) (i32.const 3600000)))
            (drop (call $hear (i32.const 16) (i32.const 5)))
            (call $timer (i32.const 1) (i32.const 10) (i32.const 10)))
          (func (export "on_event") (param $at i32) (param $count i32) (result i32)
            (loop $next
              (if (i32.eq (i32.load16_u (local.get $at)) (i32.const 3))
                (then
                  (global.set $n (i32.rem_u (i32.add (global.get $n) (i32.const 1)) (i32.const 100)))
                  (drop (call $set (global.get $fan) (f64.convert_i32_u (global.get $n)))))
                (else (drop (call $recv (i32.const 16384) (i32.const 16384)))))
              (local.set $at (i32.add (local.get $at) (i32.const 32)))
              (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
            (i32.const 0)))
        """;

    private final Ticks ticks;

    HonestNeighbour(VehicleClock clock) {
        super(clock);
        this.ticks = new Ticks(clock);
    }

    static byte[] module() {
        return TestVehicle.wat(MODULE);
    }

    static String manifest() {
        return AgentStoryTest.manifest(
                        APP,
                        "1.0.0",
                        1,
                        AgentStoryTest.grants(
                                "signal Vehicle.Cabin.HVAC.** actuate range=0..100 priority=30 failsafe=0",
                                "message topic subscribe"))
                .replace("5ms/100ms", "50ms/100ms")
                .replace("\"20ms\"", "\"1s\"");
    }

    @Override
    public boolean apply(SignalLeaf actuator, SignalValue value) {
        ticks.tick();
        return super.apply(actuator, value);
    }

    /** How the app kept its rhythm from one moment to another. */
    Ticks.Rhythm between(long fromNanos, long toNanos) {
        return ticks.between(fromNanos, toNanos);
    }
}
