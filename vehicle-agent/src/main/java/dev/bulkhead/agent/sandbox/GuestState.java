package dev.bulkhead.agent.sandbox;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Memory, tables and fuel of one instance, and what generated code calls for all that is not worth writing as bytecode. Engine-internal: public
 * because generated classes live in a loader of their own, which sees nothing else of the agent. The guest can reach none of its fields.
 */
public abstract class GuestState implements GuestMemory {
    public static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    public static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    public static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    public static final VarHandle FLOATS = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    public static final VarHandle DOUBLES =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    /** What is left of a segment. */
    static final int[] DROPPED = {};

    private static final int PAGE = 65_536;

    /** Most fuel handed to compiled code at once: bounds how late a kill is noticed. More than the largest cost of one charge. */
    private static final long PORTION = 20_000_000;

    private static final int SMALL_PORTIONS = 1_000;
    private static final int SMALL_PORTION = 1_500;

    /** A callback's first portion once the small ones are over, microseconds of compiled code; each further one is {@link #GROWTH} times as large. */
    private static final long FIRST_PORTION = 1 << 18;

    private static final int GROWTH = 4;

    /** The same for a module with vectors: code entered in the middle of a loop makes an object of each, until it is left. */
    private static final long PORTION_WITH_VECTORS = 1 << 20;

    /** As far as fuel falls by what host functions do. */
    private static final long LEAST_FUEL = -1L << 30;

    /** What {@link #progress} gains where time may have passed without fuel; more than any host function takes for little. */
    private static final long LEAP = 1 << 20;

    /** Results beyond the first, and other values on their way between methods, as raw bits. */
    public final long[] transfer = new long[512];

    /** Locals on their way between the methods of one function, those that are {@code i32}. */
    public final int[] transferInts = new int[512];

    /** Upper halves of vectors that pass through {@link #transfer} or are a result; empty until {@link #carryVectors}. */
    public long[] high = new long[0];

    /** What a tail call asks its caller's caller to run; −1 for nothing. */
    public int tail = -1;

    /** The linear memory; its length is its size. */
    public byte[] memory = new byte[0];

    /** Fuel left of the portion; below zero when a charge ran over it. */
    public int fuel;

    /** Table 0, for speed. References are numbers, −1 is null. */
    public int[] table0 = new int[0];

    /** All tables; the first is {@link #table0}. */
    public final int[][] tables;

    private final long[] tableMaximum;
    private final int[][] elements;
    private final byte[][] data;
    private final long memoryMaximumPages;
    private final long memoryBudget;
    private final CpuMeter meter;

    private int turns;
    private int portions;
    private long nextPortion;
    private long slice;
    private long reserve;
    private long leaps;
    private volatile boolean killed;
    private volatile long fuelUsed;
    private volatile long callbacks;
    /** Bytes of element segments that are not dropped. */
    private volatile long segmentBytes;

    protected GuestState(GuestParts parts, CpuMeter meter) {
        this.tables = parts.tables();
        this.tableMaximum = parts.tableMaximum();
        this.elements = parts.elements();
        this.data = parts.data();
        this.memory = new byte[Math.toIntExact(parts.memoryPages() * PAGE)];
        this.memoryMaximumPages = parts.memoryMaximumPages();
        this.memoryBudget = parts.memoryBudget();
        this.meter = meter;
        long items = 0;
        for (int[] segment : elements) {
            items += segment.length;
        }
        this.segmentBytes = 4 * items;
        if (tables.length > 0) {
            table0 = tables[0];
        }
    }

    /** Makes room for vectors; called when an instance of a module with vectors is made. */
    public final void carryVectors() {
        high = new long[transfer.length];
    }

    /** Calls the exported function with this number; arguments and results as raw bits in {@code values}, vectors as two. Generated. */
    protected abstract void invoke(int function, long[] values, int stack);

    /** Value of a global as raw bits. Generated. */
    protected abstract long global(int index);

    /** Sets the initial value of a global; of a vector the lower half, the upper one stands first in {@link #high}. Generated. */
    protected abstract void initialize(int index, long bits);

    /** Links host functions in import order. Generated. */
    protected abstract void link(HostCall[] calls);

    // fuel

    final void begin() {
        leaps += LEAP;
        reserve = 0;
        slice = 0;
        tail = -1;
        nextPortion = FIRST_PORTION;
        setLeft(0);
        if (killed) {
            throw new KillException(KillCause.STOPPED);
        }
        slice = meter.begin();
        reserve = slice;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the strand only
    final void end() {
        long used = slice - reserve - left();
        slice = 0;
        publish(used);
        callbacks = callbacks + 1;
        meter.end(used);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the strand only
    private void publish(long used) {
        fuelUsed = fuelUsed + used;
    }

    /** Called by compiled code that ran over its fuel: gets more, or throws {@link KillException}. */
    public static void refuel(GuestState state) {
        state.charge(0);
    }

    /** The same, where the charge of {@code cost} that ran over is made again by what is called next. */
    public static void refuelToRepeat(int cost, GuestState state) {
        state.charge(0);
        state.fuel += cost;
    }

    @Override
    public final void look() {
        if (killed) {
            throw new KillException(KillCause.STOPPED);
        }
        long used = slice - reserve - left();
        slice -= used;
        publish(used);
        leaps += LEAP;
        meter.look(used);
    }

    /** Moves values on their way between methods, and all behind them, down to another place. */
    public static void moveTransferred(int from, int to, GuestState state) {
        System.arraycopy(state.transfer, from, state.transfer, to, state.transfer.length - from);
        if (state.high.length > 0) {
            System.arraycopy(state.high, from, state.high, to, state.high.length - from);
        }
    }

    /** Charges outside compiled code. */
    private void charge(long cost) {
        if (killed) {
            throw new KillException(KillCause.STOPPED);
        }
        long left = left() - cost;
        while (left < 0) {
            if (reserve == 0) {
                long used = slice - left;
                slice = 0;
                setLeft(0);
                publish(used);
                leaps += LEAP;
                slice = meter.exhausted(used);
                reserve = slice;
                left = 0;
            }
            long portion = Math.min(portion(), reserve);
            reserve -= portion;
            left += portion;
        }
        setLeft(left);
    }

    /**
     * The first portions are small and uneven, so that each hot loop runs out of fuel while it is still interpreted: what the JIT then compiles knows
     * these ways out, and is not thrown away when the fuel first runs out there. Later each callback begins with little: what runs once in each, as its
     * function's first version does, may be interpreted for long, and is left for loops that are hot.
     */
    private long portion() {
        if (portions == SMALL_PORTIONS) {
            long portion = nextPortion;
            nextPortion = Math.min(GROWTH * portion, high.length > 0 ? PORTION_WITH_VECTORS : PORTION);
            return portion;
        }
        portions++;
        return SMALL_PORTION + (portions * 7919L) % SMALL_PORTION;
    }

    private long left() {
        return fuel;
    }

    private void setLeft(long left) {
        fuel = (int) left;
    }

    /** Whether a loop nest that is not metered should return to be called again: every 16th turn. */
    public static boolean tiredUnmetered(GuestState state) {
        return (++state.turns & 15) == 0;
    }

    /** Charges a bulk operation by its length. */
    private void charge(int length, int shift) {
        charge(Integer.toUnsignedLong(length) >>> shift);
    }

    final void kill() {
        killed = true;
    }

    final Usage usage() {
        long bytes = memory.length + segmentBytes;
        for (int[] table : tables) {
            bytes += 4L * table.length;
        }
        return new Usage(fuelUsed, bytes, callbacks);
    }

    // traps, by generated code

    public static TrapException unreachable() {
        return new TrapException(TrapKind.UNREACHABLE);
    }

    public static TrapException stackExhausted() {
        return new TrapException(TrapKind.CALL_STACK_EXHAUSTED);
    }

    public static TrapException nullReference() {
        return new TrapException(TrapKind.NULL_REFERENCE);
    }

    /** What {@code call_indirect} throws for a reference that is not of its type. */
    public static TrapException badReference(int reference) {
        return new TrapException(reference < 0 ? TrapKind.UNINITIALIZED_ELEMENT : TrapKind.INDIRECT_CALL_TYPE_MISMATCH);
    }

    /** For tail calls: whether a reference is among {@code count} ones from {@code first}. */
    public static void checkReference(int reference, int first, int count) {
        if (reference < first || reference >= first + count) {
            throw badReference(reference);
        }
    }

    /** What a host function threw, as what may leave guest code. */
    public static RuntimeException hostFailure(Throwable thrown) {
        return switch (thrown) {
            case KillException kill -> kill;
            case TrapException trap -> trap;
            case StackOverflowError deep -> new TrapException(TrapKind.CALL_STACK_EXHAUSTED);
            case OutOfMemoryError full -> new TrapException(TrapKind.HOST_FAULT, "host function failed: " + full, full);
            case RuntimeException bug -> new TrapException(TrapKind.HOST_FAULT, "host function failed: " + bug, bug);
            case Error error -> throw error;
            default -> new TrapException(TrapKind.HOST_FAULT, "host function failed: " + thrown, thrown);
        };
    }

    public static GuestException exception(int tag, int count, GuestState state) {
        return new GuestException(
                tag,
                Arrays.copyOf(state.transfer, count),
                Arrays.copyOf(state.high, Math.min(count, state.high.length)));
    }

    // tables

    /** Element of table 0 for {@code call_indirect}. */
    public static int element(int index, GuestState state) {
        int[] table = state.table0;
        if (Integer.compareUnsigned(index, table.length) >= 0) {
            throw new TrapException(TrapKind.UNDEFINED_ELEMENT);
        }
        return table[index];
    }

    public static int element(int index, GuestState state, int number) {
        int[] table = state.tables[number];
        if (Integer.compareUnsigned(index, table.length) >= 0) {
            throw new TrapException(TrapKind.UNDEFINED_ELEMENT);
        }
        return table[index];
    }

    public static int tableGet(int index, GuestState state, int number) {
        int[] table = state.tables[number];
        checkTable(index, 1, table.length);
        return table[index];
    }

    public static void tableSet(int index, int value, GuestState state, int number) {
        int[] table = state.tables[number];
        checkTable(index, 1, table.length);
        table[index] = value;
    }

    public static int tableSize(GuestState state, int number) {
        return state.tables[number].length;
    }

    public static int tableGrow(int value, int delta, GuestState state, int number) {
        int[] table = state.tables[number];
        long size = table.length + Integer.toUnsignedLong(delta);
        if (size > state.tableMaximum[number] || state.overBudget(4 * (size - table.length))) {
            return -1;
        }
        state.charge((int) size, 1);
        int[] grown = Arrays.copyOf(table, (int) size);
        Arrays.fill(grown, table.length, grown.length, value);
        state.tables[number] = grown;
        if (number == 0) {
            state.table0 = grown;
        }
        return table.length;
    }

    public static void tableFill(int index, int value, int count, GuestState state, int number) {
        int[] table = state.tables[number];
        checkTable(index, count, table.length);
        state.charge(count, 0);
        Arrays.fill(table, index, index + count, value);
    }

    public static void tableCopy(int to, int from, int count, GuestState state, int toTable, int fromTable) {
        int[] target = state.tables[toTable];
        int[] source = state.tables[fromTable];
        checkTable(to, count, target.length);
        checkTable(from, count, source.length);
        state.charge(count, 0);
        System.arraycopy(source, from, target, to, count);
    }

    public static void tableInit(int to, int from, int count, GuestState state, int segment, int number) {
        state.tableInit(to, from, count, state.elements[segment], number);
    }

    private void tableInit(int to, int from, int count, int[] source, int number) {
        int[] table = tables[number];
        checkTable(to, count, table.length);
        checkTable(from, count, source.length);
        charge(count, 0);
        System.arraycopy(source, from, table, to, count);
    }

    /** Copies a whole active segment to its table. */
    final void initializeTable(int to, int[] references, int number) {
        tableInit(to, 0, references.length, references, number);
    }

    public static void elementDrop(GuestState state, int segment) {
        state.dropped(state.elements[segment].length);
        state.elements[segment] = DROPPED;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the strand only
    private void dropped(int items) {
        if (items > 0) {
            segmentBytes = segmentBytes - 4L * items;
            meter.memoryGrows(heldBytes());
        }
    }

    private static void checkTable(int from, int count, int length) {
        if (Integer.toUnsignedLong(from) + Integer.toUnsignedLong(count) > length) {
            throw new TrapException(TrapKind.TABLE_OUT_OF_BOUNDS);
        }
    }

    // memory

    private long heldBytes() {
        return usage().memoryBytes();
    }

    /** Most bytes of memory, tables and element segments. */
    final long memoryBudget() {
        return memoryBudget;
    }

    private boolean overBudget(long more) {
        long held = heldBytes();
        if (held + more <= memoryBudget && meter.memoryGrows(held + more)) {
            return false;
        }
        meter.memoryRefused(held, held + more);
        return true;
    }

    public static int memorySize(GuestState state) {
        return state.memory.length >>> 16;
    }

    public static int memoryGrow(int delta, GuestState state) {
        int before = state.memory.length >>> 16;
        long pages = before + Integer.toUnsignedLong(delta);
        if (pages > state.memoryMaximumPages
                || state.overBudget(Integer.toUnsignedLong(delta) * PAGE)
                || pages * PAGE > Limits.LARGEST_MEMORY) {
            return -1;
        }
        if (delta == 0) {
            return before;
        }
        state.charge((int) (pages << 13), 0);
        try {
            state.memory = Arrays.copyOf(state.memory, (int) (pages * PAGE));
        } catch (OutOfMemoryError full) {
            return -1;
        }
        return before;
    }

    public static void memoryCopy(int to, int from, int count, GuestState state) {
        state.check(to, count, state.memory.length);
        state.check(from, count, state.memory.length);
        state.charge(count, 3);
        System.arraycopy(state.memory, from, state.memory, to, count);
    }

    public static void memoryFill(int to, int value, int count, GuestState state) {
        state.check(to, count, state.memory.length);
        state.charge(count, 3);
        Arrays.fill(state.memory, to, to + count, (byte) value);
    }

    public static void memoryInit(int to, int from, int count, GuestState state, int segment) {
        byte[] source = state.data[segment];
        state.check(to, count, state.memory.length);
        state.check(from, count, source.length);
        state.charge(count, 3);
        System.arraycopy(source, from, state.memory, to, count);
    }

    public static void dataDrop(GuestState state, int segment) {
        state.data[segment] = new byte[0];
    }

    private void check(int from, int count, int length) {
        if (Integer.toUnsignedLong(from) + Integer.toUnsignedLong(count) > length) {
            throw new TrapException(TrapKind.MEMORY_OUT_OF_BOUNDS);
        }
    }

    // memory, by host functions

    @Override
    public final long progress() {
        return leaps + fuelUsed + slice - reserve - left();
    }

    @Override
    public final long size() {
        return memory.length;
    }

    @Override
    public final boolean contains(int address, int length) {
        return Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length) <= memory.length;
    }

    @Override
    public final byte readByte(int address) {
        return memory[address];
    }

    @Override
    public final short readShort(int address) {
        return (short) SHORTS.get(memory, address);
    }

    @Override
    public final int readInt(int address) {
        return (int) INTS.get(memory, address);
    }

    @Override
    public final long readLong(int address) {
        return (long) LONGS.get(memory, address);
    }

    @Override
    public final void writeByte(int address, byte value) {
        memory[address] = value;
    }

    @Override
    public final void writeShort(int address, short value) {
        SHORTS.set(memory, address, value);
    }

    @Override
    public final void writeInt(int address, int value) {
        INTS.set(memory, address, value);
    }

    @Override
    public final void writeLong(int address, long value) {
        LONGS.set(memory, address, value);
    }

    @Override
    public final byte[] read(int address, int length) {
        Objects.checkFromIndexSize(address, length, memory.length);
        moved(length);
        return Arrays.copyOfRange(memory, address, address + length);
    }

    @Override
    public final void read(int address, byte[] target, int offset, int length) {
        moved(length);
        System.arraycopy(memory, address, target, offset, length);
    }

    @Override
    public final void write(int address, byte[] source, int offset, int length) {
        moved(length);
        System.arraycopy(source, offset, memory, address, length);
    }

    /** The guest finds its fuel gone when it goes on; the host function itself is never held up. */
    @Override
    public void work(int units) {
        fuel = (int) Math.max(LEAST_FUEL, (long) fuel - units);
    }

    /** Charges what a host function moves as {@code memory.copy} is charged, so that a few calls that move much do not pass for little work. */
    private void moved(int length) {
        work(length >>> 3);
    }
}
