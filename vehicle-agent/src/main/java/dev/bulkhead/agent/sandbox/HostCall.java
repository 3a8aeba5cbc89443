package dev.bulkhead.agent.sandbox;

/**
 * A host function. Arguments and the result travel as {@code long}: {@code i32} sign-extended, {@code i64} as it is, {@code f64} and
 * {@code f32} as their raw bits ({@link Double#doubleToRawLongBits}, {@link Float#floatToRawIntBits}); a function without a result returns 0.
 *
 * <p>Called on the instance's strand only. It must never throw for anything the guest passed: bad pointers and handles are status codes. A
 * {@link RuntimeException} that does escape is a bug of the host, stops this instance, and is reported as {@link Outcome.Trapped} with
 * {@link TrapKind#HOST_FAULT}. To end the guest on purpose throw {@link KillException}. The {@code callN} forms exist for speed: override the one of
 * your arity to spare the array.
 */
@FunctionalInterface
public interface HostCall {
    long call(GuestMemory memory, long[] args);

    default long call0(GuestMemory memory) {
        return call(memory, new long[0]);
    }

    default long call1(GuestMemory memory, long a) {
        return call(memory, new long[] {a});
    }

    default long call2(GuestMemory memory, long a, long b) {
        return call(memory, new long[] {a, b});
    }

    default long call3(GuestMemory memory, long a, long b, long c) {
        return call(memory, new long[] {a, b, c});
    }

    default long call4(GuestMemory memory, long a, long b, long c, long d) {
        return call(memory, new long[] {a, b, c, d});
    }
}
