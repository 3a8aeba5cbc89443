package dev.bulkhead.agent.sandbox;

import dev.bulkhead.agent.wasm.WasmModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An instance in this process. */
final class GuestInstance implements Instance {
    /** Bytes of stack a guest may use, by {@code FrameSizes}' estimates; strands have at least twice as much, and a reserve for host functions. */
    static final int STACK_BUDGET = 512 * 1024;

    private static final int EVENT_BYTES = 32;
    private static final int EVENT_CAPACITY = 64;
    private static final String GUEST_PACKAGE = "dev.bulkhead.guest.";

    private final LoadedModule module;
    private final GuestState state;
    private @Nullable Instantiation pending;
    private int eventBuffer;
    private final StateRoom room = new StateRoom();

    GuestInstance(LoadedModule module, GuestState state, Instantiation pending) {
        this.module = module;
        this.state = state;
        this.pending = pending;
    }

    @Override
    public Outcome start() {
        if (exports("_initialize")) {
            Outcome initialized = call("_initialize");
            if (!(initialized instanceof Outcome.Returned)) {
                return initialized;
            }
        }
        if (exports("on_event")) {
            Outcome allocated = call("alloc", EVENT_BYTES * EVENT_CAPACITY);
            if (!(allocated instanceof Outcome.Returned returned)) {
                return allocated;
            }
            eventBuffer = returned.status();
            if (eventBuffer == 0 || !state.contains(eventBuffer, EVENT_BYTES * EVENT_CAPACITY)) {
                return new Outcome.Trapped(
                        TrapKind.MEMORY_OUT_OF_BOUNDS,
                        "alloc gave no room for the event buffer: " + eventBuffer,
                        "alloc");
            }
        }
        return call("on_start");
    }

    @Override
    public int eventCapacity() {
        return EVENT_CAPACITY;
    }

    @Override
    public Outcome deliver(byte[] records, int count) {
        if (count < 0 || count > EVENT_CAPACITY || records.length < count * EVENT_BYTES) {
            throw new IllegalArgumentException(count + " events, at most " + EVENT_CAPACITY + " fit");
        }
        state.write(eventBuffer, records, 0, count * EVENT_BYTES);
        return call("on_event", eventBuffer, count);
    }

    @Override
    public Outcome stop() {
        return exports("on_stop") ? call("on_stop") : new Outcome.Returned(List.of());
    }

    @Override
    public boolean exports(String function) {
        return module.entry(function) != null;
    }

    @Override
    public Saved save(int most) {
        return room.ask(most, state, bytes -> call("alloc", bytes)).orElseGet(() -> {
            Outcome outcome = call("save_state", room.address(), room.bytes());
            return outcome instanceof Outcome.Returned returned ? saved(returned.status()) : new Saved.Ended(outcome);
        });
    }

    private Saved saved(int length) {
        if (length < 0) {
            return new Saved.Refused("save_state", "answered " + length);
        }
        return length > room.bytes()
                ? new Saved.Refused("save_state", "says " + length + " bytes, its room has " + room.bytes())
                : new Saved.State(state.read(room.address(), length));
    }

    @Override
    public Outcome restore(byte[] saved) {
        Outcome allocated = call("alloc", saved.length);
        if (!(allocated instanceof Outcome.Returned returned)) {
            return allocated;
        }
        int address = returned.status();
        boolean none = address == 0 && saved.length > 0;
        if (none || !state.contains(address, saved.length)) {
            return new Outcome.Trapped(
                    TrapKind.MEMORY_OUT_OF_BOUNDS,
                    "alloc gave no room for the " + saved.length + " bytes of saved state: " + address,
                    "alloc");
        }
        state.write(address, saved);
        return call("restore_state", address, saved.length);
    }

    @Override
    public Outcome call(String function, long... args) {
        GuestEntry entry = module.entry(function);
        if (entry == null) {
            return new Outcome.Trapped(TrapKind.NO_SUCH_EXPORT, "no exported function " + function, "");
        }
        if (entry.longs() != args.length) {
            return new Outcome.Trapped(
                    TrapKind.NO_SUCH_EXPORT,
                    function + " is " + entry.signature() + " and was called with " + args.length + " arguments",
                    function);
        }
        return guarded(entry, args);
    }

    /** Writes segments and runs the module's start function if that has not happened; otherwise done by the first call. */
    Outcome prepare() {
        return guarded(() -> {}, 0, new long[0]);
    }

    private Outcome guarded(GuestEntry entry, long[] args) {
        int results = entry.resultLongs();
        long[] values = Arrays.copyOf(args, Math.max(args.length, results));
        return guarded(() -> state.invoke(entry.function(), values, STACK_BUDGET), results, values);
    }

    private Outcome guarded(Runnable entry, int results, long[] values) {
        try {
            state.begin();
            try {
                instantiateFirst();
                entry.run();
            } finally {
                state.end();
            }
            List<Long> returned = new ArrayList<>(results);
            for (int i = 0; i < results; i++) {
                returned.add(values[i]);
            }
            return new Outcome.Returned(returned);
        } catch (KillException kill) {
            return new Outcome.Killed(kill.killCause(), kill.exitCode());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError thrown) {
            return trapped(thrown);
        }
    }

    /** Segments and the module's start function, once, charged to the first call. */
    private void instantiateFirst() {
        Instantiation first = pending;
        if (first != null) {
            pending = null;
            first.fill(state);
            int start = module.module().startFunction();
            if (start != WasmModule.NO_START) {
                state.invoke(start, new long[0], STACK_BUDGET);
            }
        }
    }

    private Outcome trapped(Throwable thrown) {
        TrapKind kind = switch (thrown) {
            case TrapException trap -> trap.kind();
            case IndexOutOfBoundsException outside -> TrapKind.MEMORY_OUT_OF_BOUNDS;
            case ArithmeticException division -> TrapKind.INTEGER_DIVIDE_BY_ZERO;
            case StackOverflowError deep -> TrapKind.CALL_STACK_EXHAUSTED;
            case GuestException uncaught -> TrapKind.UNCAUGHT_EXCEPTION;
            default -> TrapKind.HOST_FAULT;
        };
        String message =
                thrown instanceof TrapException ? Objects.requireNonNullElse(thrown.getMessage(), "") : kind.text();
        if (kind == TrapKind.HOST_FAULT && !(thrown instanceof TrapException)) {
            message = kind.text() + ": " + thrown;
        }
        return new Outcome.Trapped(kind, message, where(thrown));
    }

    private String where(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String method = frame.getMethodName();
            if (frame.getClassName().startsWith(GUEST_PACKAGE) && method.matches("[bfse]\\d+.*")) {
                // a line number tells whose code stands here when a call is written out
                int function = frame.getLineNumber() > 0
                        ? frame.getLineNumber() - 1
                        : Integer.parseInt(method.replaceAll("^.(\\d+).*$", "$1"));
                return module.module().nameOf(function);
            }
        }
        return "";
    }

    @Override
    public GuestMemory memory() {
        return state;
    }

    @Override
    public Usage usage() {
        return state.usage();
    }

    @Override
    public void kill() {
        state.kill();
    }
}
