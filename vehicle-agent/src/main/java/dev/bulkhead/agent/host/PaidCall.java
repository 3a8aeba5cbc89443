package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;
import java.util.Set;

/**
 * A host function that takes about a microsecond, or longer: charged to the guest before it is called, for the clock is read when fuel runs out, and a loop of
 * calls at the price of a few instructions each would outrun it; and {@linkplain CallPace paced}, for some take far longer than what they cost.
 */
record PaidCall(int weight, CallPace pace, HostCall call) implements HostCall {
    /** A quarter of a microsecond of the guest's own work. */
    static final int UNITS = 1_000;

    /** Those that take no longer than the instructions around them. */
    private static final Set<String> QUICK = Set.of(
            "hal.signal_get_f64",
            "hal.signal_get_i64",
            "hal.last_status",
            "app.abi_version",
            "app.now_ns",
            "app.unix_ms",
            "app.exit");

    static HostCall of(String function, CallPace pace, HostCall call) {
        return QUICK.contains(function) ? call : new PaidCall(CallPace.weight(function), pace, call);
    }

    private long paced(GuestMemory memory, long result) {
        pace.called(weight, memory);
        return result;
    }

    @Override
    public long call(GuestMemory memory, long[] args) {
        memory.work(UNITS);
        return paced(memory, call.call(memory, args));
    }

    @Override
    public long call0(GuestMemory memory) {
        memory.work(UNITS);
        return paced(memory, call.call0(memory));
    }

    @Override
    public long call1(GuestMemory memory, long a) {
        memory.work(UNITS);
        return paced(memory, call.call1(memory, a));
    }

    @Override
    public long call2(GuestMemory memory, long a, long b) {
        memory.work(UNITS);
        return paced(memory, call.call2(memory, a, b));
    }

    @Override
    public long call3(GuestMemory memory, long a, long b, long c) {
        memory.work(UNITS);
        return paced(memory, call.call3(memory, a, b, c));
    }

    @Override
    public long call4(GuestMemory memory, long a, long b, long c, long d) {
        memory.work(UNITS);
        return paced(memory, call.call4(memory, a, b, c, d));
    }
}
