package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;

/** A host function that can take long: paid for like any other, and its time is taken. */
record TimedCall(int units, CallTime time, HostCall call) implements HostCall {
    @Override
    public long call(GuestMemory memory, long[] args) {
        memory.work(units);
        long began = time.begin();
        long result = call.call(memory, args);
        time.end(memory, began);
        return result;
    }

    @Override
    public long call0(GuestMemory memory) {
        memory.work(units);
        long began = time.begin();
        long result = call.call0(memory);
        time.end(memory, began);
        return result;
    }

    @Override
    public long call1(GuestMemory memory, long a) {
        memory.work(units);
        long began = time.begin();
        long result = call.call1(memory, a);
        time.end(memory, began);
        return result;
    }

    @Override
    public long call2(GuestMemory memory, long a, long b) {
        memory.work(units);
        long began = time.begin();
        long result = call.call2(memory, a, b);
        time.end(memory, began);
        return result;
    }

    @Override
    public long call3(GuestMemory memory, long a, long b, long c) {
        memory.work(units);
        long began = time.begin();
        long result = call.call3(memory, a, b, c);
        time.end(memory, began);
        return result;
    }

    @Override
    public long call4(GuestMemory memory, long a, long b, long c, long d) {
        memory.work(units);
        long began = time.begin();
        long result = call.call4(memory, a, b, c, d);
        time.end(memory, began);
        return result;
    }
}
