package dev.bulkhead.agent.host;

import dev.bulkhead.agent.metering.CpuUsage;
import dev.bulkhead.agent.sandbox.Budget;
import dev.bulkhead.agent.sandbox.GuestMemory;
import dev.bulkhead.agent.sandbox.KillException;
import dev.bulkhead.contract.abi.HostFunctions;
import dev.bulkhead.contract.abi.Layouts;
import dev.bulkhead.contract.abi.Status;
import dev.bulkhead.contract.notation.Quote;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Module {@code app}: time, chance, log, exit, configuration and budget. */
final class RuntimeCalls {
    private final AppSession session;

    RuntimeCalls(AppSession session) {
        this.session = session;
    }

    void bind(CallTable table) {
        table.none("app.abi_version", memory -> HostFunctions.ABI_VERSION);
        table.none("app.now_ns", memory -> session.now());
        table.none("app.unix_ms", memory -> session.services().clock().unixMillis());
        table.two("app.random", this::random);
        table.three("app.log", this::log);
        table.one("app.exit", (memory, code) -> exit(code));
        table.two("app.unhealthy", this::unhealthy);
        table.four("app.config_get", this::configGet);
        table.one("app.budget", this::budget);
    }

    private long random(GuestMemory memory, long out, long count) {
        long checked = Guest.check(memory, out, count, Layouts.MOST_RANDOM);
        if (checked == Guest.OK) {
            byte[] bytes = new byte[(int) count];
            session.random().nextBytes(bytes);
            memory.write((int) out, bytes);
        }
        return checked;
    }

    private long log(GuestMemory memory, long level, long pointer, long length) {
        long checked = Guest.check(memory, pointer, length, Integer.MAX_VALUE);
        if (checked != Guest.OK) {
            return checked;
        }
        if (level < 0 || level >= Layouts.LOG_LEVELS.size()) {
            return Guest.INVAL;
        }
        long cut = Math.min(length, Layouts.LONGEST_LOG_LINE);
        String text = Quote.line(Guest.forgivingText(memory, pointer, cut));
        return session.log(Layouts.LOG_LEVELS.get((int) level), text) ? Guest.OK : Status.RATE.code();
    }

    private long unhealthy(GuestMemory memory, long pointer, long length) {
        long checked = Guest.check(memory, pointer, length, Integer.MAX_VALUE);
        if (checked == Guest.OK && session.ailment().isEmpty()) {
            long cut = Math.min(length, Layouts.LONGEST_REASON);
            session.fallIll(Quote.line(Guest.forgivingText(memory, pointer, cut)));
        }
        return checked;
    }

    private static long exit(long code) {
        throw KillException.exited((int) code);
    }

    private long configGet(GuestMemory memory, long key, long keyLength, long out, long cap) {
        long checked = Guest.check(memory, key, keyLength, Layouts.LONGEST_KEY);
        if (checked != Guest.OK) {
            return checked;
        }
        String name = new String(memory.read((int) key, (int) keyLength), StandardCharsets.UTF_8);
        Optional<byte[]> value = session.services().config().get(session.label().appId(), name);
        return value.isEmpty() ? Status.NOENT.code() : Guest.answer(memory, out, cap, value.get());
    }

    private long budget(GuestMemory memory, long out) {
        if (!memory.contains((int) out, Layouts.BUDGET_BYTES)) {
            return Guest.FAULT;
        }
        Budget budget = session.gauge().budget();
        CpuUsage usage = session.gauge().usage().get();
        long quota = budget.quotaNanos();
        long begun = Math.max(0, session.now() - usage.periodStartNanos()) / budget.periodNanos();
        // periods that began since the account was last settled have refilled it
        long used = begun > 0 ? 0 : usage.periodNanos();
        int at = (int) out;
        memory.writeLong(at, quota == 0 ? Long.MAX_VALUE : Math.max(0, quota - used));
        memory.writeLong(at + 8, quota);
        memory.writeLong(at + 16, budget.periodNanos());
        memory.writeLong(at + 24, usage.periodStartNanos() + (begun + 1) * budget.periodNanos());
        memory.writeLong(at + 32, session.held().left());
        memory.writeLong(at + 40, budget.memoryBytes());
        return Guest.OK;
    }
}
