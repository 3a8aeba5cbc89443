package dev.bulkhead.hal.driver.socketcan;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulkhead.hal.driver.DriverException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * The few functions of the C library that SocketCAN needs. Each answers what the function answers, or the negative errno. Thread-safe
 * as the functions are; the errno buffer is one per call.
 */
@SuppressWarnings("restricted") // this is the one place where native code is called
final class LibC {
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EAFNOSUPPORT = 97;
    static final int ENETDOWN = 100;
    static final int ENOBUFS = 105;

    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private final Linker linker;
    private final MethodHandle socket;
    private final MethodHandle bind;
    private final MethodHandle setsockopt;
    private final MethodHandle ifNameToIndex;
    private final MethodHandle poll;
    private final MethodHandle recvmsg;
    private final MethodHandle write;
    private final MethodHandle close;

    /** @throws DriverException where there is no Linux */
    LibC() {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            throw new DriverException("SocketCAN exists on Linux only; use socketcand to reach a bus from here");
        }
        linker = Linker.nativeLinker();
        socket = function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        bind = function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        setsockopt = function(
                "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        ifNameToIndex = function("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        poll = function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        recvmsg = function("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        write = function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private MethodHandle function(String name, FunctionDescriptor descriptor) {
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new DriverException("the C library has no function " + name));
        return linker.downcallHandle(address, descriptor, Linker.Option.captureCallState("errno"));
    }

    /** A call with its errno buffer. */
    private interface Call {
        long run(MemorySegment state) throws Throwable;
    }

    private static long call(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.run(state);
            return result < 0 ? -state.get(ValueLayout.JAVA_INT, ERRNO) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new DriverException("a call into the C library failed", e);
        }
    }

    int socket(int domain, int type, int protocol) {
        return (int) call(state -> (int) socket.invokeExact(state, domain, type, protocol));
    }

    int bind(int fd, MemorySegment address) {
        return (int) call(state -> (int) bind.invokeExact(state, fd, address, (int) address.byteSize()));
    }

    int setsockopt(int fd, int level, int option, MemorySegment value) {
        int size = (int) value.byteSize();
        return (int) call(state -> (int) setsockopt.invokeExact(state, fd, level, option, value, size));
    }

    /** The number of a network interface; a negative errno when there is none of that name. */
    int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            int index = (int) call(state -> (int) ifNameToIndex.invokeExact(state, text));
            return index == 0 ? -ENODEV : index;
        }
    }

    int poll(MemorySegment descriptors, int count, int timeoutMillis) {
        return (int) call(state -> (int) poll.invokeExact(state, descriptors, (long) count, timeoutMillis));
    }

    long recvmsg(int fd, MemorySegment header, int flags) {
        return call(state -> (long) recvmsg.invokeExact(state, fd, header, flags));
    }

    long write(int fd, MemorySegment data, long length) {
        return call(state -> (long) write.invokeExact(state, fd, data, length));
    }

    void close(int fd) {
        call(state -> (int) close.invokeExact(state, fd));
    }
}
