package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.HostCall;

/** Host functions by number of arguments, so that a call allocates nothing. */
final class Arity {
    private Arity() {}

    @FunctionalInterface
    interface None extends HostCall {
        @Override
        long call0(GuestMemory memory);

        @Override
        default long call(GuestMemory memory, long[] args) {
            return call0(memory);
        }
    }

    @FunctionalInterface
    interface One extends HostCall {
        @Override
        long call1(GuestMemory memory, long a);

        @Override
        default long call(GuestMemory memory, long[] args) {
            return call1(memory, args[0]);
        }
    }

    @FunctionalInterface
    interface Two extends HostCall {
        @Override
        long call2(GuestMemory memory, long a, long b);

        @Override
        default long call(GuestMemory memory, long[] args) {
            return call2(memory, args[0], args[1]);
        }
    }

    @FunctionalInterface
    interface Three extends HostCall {
        @Override
        long call3(GuestMemory memory, long a, long b, long c);

        @Override
        default long call(GuestMemory memory, long[] args) {
            return call3(memory, args[0], args[1], args[2]);
        }
    }

    @FunctionalInterface
    interface Four extends HostCall {
        @Override
        long call4(GuestMemory memory, long a, long b, long c, long d);

        @Override
        default long call(GuestMemory memory, long[] args) {
            return call4(memory, args[0], args[1], args[2], args[3]);
        }
    }
}
