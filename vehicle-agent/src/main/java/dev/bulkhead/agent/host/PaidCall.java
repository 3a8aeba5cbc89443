package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;

/** A host function that is charged to the guest before it is called, in units of fuel. */
record PaidCall(int units, HostCall call) implements HostCall {
    @Override
    public long call(GuestMemory memory, long[] args) {
        memory.work(units);
        return call.call(memory, args);
    }

    @Override
    public long call0(GuestMemory memory) {
        memory.work(units);
        return call.call0(memory);
    }

    @Override
    public long call1(GuestMemory memory, long a) {
        memory.work(units);
        return call.call1(memory, a);
    }

    @Override
    public long call2(GuestMemory memory, long a, long b) {
        memory.work(units);
        return call.call2(memory, a, b);
    }

    @Override
    public long call3(GuestMemory memory, long a, long b, long c) {
        memory.work(units);
        return call.call3(memory, a, b, c);
    }

    @Override
    public long call4(GuestMemory memory, long a, long b, long c, long d) {
        memory.work(units);
        return call.call4(memory, a, b, c, d);
    }
}
