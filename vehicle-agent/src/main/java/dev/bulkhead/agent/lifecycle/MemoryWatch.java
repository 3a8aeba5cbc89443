package dev.bulkhead.agent.lifecycle;

import dev.bulkhead.agent.host.AppSession;
import dev.bulkhead.agent.host.Scarce;
import dev.bulkhead.agent.sandbox.CpuMeter;

/** Writes down where a guest asked for more memory than its budget has, and warns it; all else is the account's. Strand only. */
record MemoryWatch(CpuMeter account, AppSession session, long budget) implements CpuMeter {
    @Override
    public long begin() {
        return account.begin();
    }

    @Override
    public long exhausted(long used) {
        return account.exhausted(used);
    }

    @Override
    public void look(long used) {
        account.look(used);
    }

    @Override
    public void end(long used) {
        account.end(used);
    }

    @Override
    public boolean memoryGrows(long bytes) {
        return session.held().guest(bytes);
    }

    @Override
    public void memoryRefused(long held, long wanted) {
        session.exceeded("memory", budget, wanted, "refused");
        session.warn(Scarce.MEMORY, session.held().left());
    }
}
